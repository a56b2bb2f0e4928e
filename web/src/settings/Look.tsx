import { type Preferences, usePreferences } from "~/app/preferences";
import { SelectField } from "~/ui/Field";
import { Section } from "./Section";
import { t } from "./text";

const themes = ["system", "light", "dark"] as const;
const densities = ["comfortable", "compact"] as const;

export function Look() {
  const [{ theme, density }, change] = usePreferences();
  return (
    <Section title={t("look.title")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t("look.theme")}
          value={theme}
          onChange={(event) => change({ theme: event.target.value as Preferences["theme"] })}
          options={themes.map((value) => ({ value, label: t(`look.theme.${value}`) }))}
        />
        <SelectField
          label={t("look.density")}
          value={density}
          onChange={(event) => change({ density: event.target.value as Preferences["density"] })}
          options={densities.map((value) => ({ value, label: t(`look.density.${value}`) }))}
        />
      </div>
    </Section>
  );
}
