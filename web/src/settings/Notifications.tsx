import { usePreferences } from "~/app/preferences";
import { useState } from "react";
import { askDesktopPermission, desktopPermission } from "~/app/notifications/desktop";
import { Switch } from "~/ui/Switch";
import { Section } from "./Section";
import { t } from "./text";

const about = [
  ["notifyMine", "tell.mine"],
  ["notifyUnassigned", "tell.unassigned"],
  ["notifyOthers", "tell.others"],
  ["notifyAssigned", "tell.assigned"],
] as const;

export function Notifications() {
  const [preferences, change] = usePreferences();
  return (
    <Section title={t("tell.title")} intro={t("tell.intro")}>
      {about.map(([name, text]) => (
        <Switch key={name} label={t(text)} checked={preferences[name]} onChange={(on) => change({ [name]: on })} />
      ))}
      <Desktop />
      <Switch label={t("tell.sound")} checked={preferences.sound} onChange={(sound) => change({ sound })} />
    </Section>
  );
}

/** The browser asks the agent before it shows the first one; where it may not, it says so. */
function Desktop() {
  const [{ desktop }, change] = usePreferences();
  const [permission, setPermission] = useState(desktopPermission);
  const turn = async (on: boolean) => {
    const given = on && permission === "default" ? await askDesktopPermission() : permission;
    setPermission(given);
    change({ desktop: on && given === "granted" });
  };
  return (
    <Switch
      label={t("tell.desktop")}
      hint={hints[permission]}
      checked={desktop && permission === "granted"}
      disabled={permission === "unsupported" || permission === "denied"}
      onChange={(on) => void turn(on)}
    />
  );
}

const hints: Partial<Record<ReturnType<typeof desktopPermission>, string>> = {
  denied: t("tell.desktopDenied"),
  unsupported: t("tell.desktopUnsupported"),
};
