import { Switch } from "~/ui/Switch";
import { shownKeys } from "~/app/shortcuts";
import { Section } from "./Section";
import { t } from "./text";
import { useSettings } from "./use-settings";

export function Keyboard() {
  const [{ keyboard }, change] = useSettings();
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
