import { type Preferences, usePreferences } from "~/app/preferences";
import { SelectField } from "~/ui/Field";
import { Switch } from "~/ui/Switch";
import { shownKeys } from "~/app/shortcuts";
import { Section } from "./Section";
import { t } from "./text";

export function Writing() {
  const [{ sendKey, claimOnReply, afterResolve }, change] = usePreferences();
  return (
    <Section title={t("writing.title")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t("writing.sendKey")}
          value={sendKey}
          onChange={(event) => change({ sendKey: event.target.value as Preferences["sendKey"] })}
          options={[
            { value: "enter", label: t("writing.sendKey.enter") },
            { value: "mod+enter", label: t("writing.sendKey.mod", { mod: shownKeys("mod").join("") }) },
          ]}
        />
        <SelectField
          label={t("writing.after")}
          value={afterResolve}
          onChange={(event) => change({ afterResolve: event.target.value as Preferences["afterResolve"] })}
          options={(["next", "stay"] as const).map((value) => ({ value, label: t(`writing.after.${value}`) }))}
        />
      </div>
      <Switch label={t("writing.claim")} checked={claimOnReply} onChange={(on) => change({ claimOnReply: on })} />
    </Section>
  );
}
