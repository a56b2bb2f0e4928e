import { usePreferences } from "~/app/preferences";
import { Switch } from "~/ui/Switch";
import { shownKeys } from "~/app/shortcuts";
import { Section } from "./Section";
import { t } from "./text";

export function Keyboard() {
  const [{ keyboard }, change] = usePreferences();
  return (
    <Section title={t("keys.title")}>
      <Switch
        label={t("keys.single")}
        hint={t("keys.singleHint", { mod: shownKeys("mod").join("") })}
        checked={keyboard}
        onChange={(on) => change({ keyboard: on })}
      />
    </Section>
  );
}
