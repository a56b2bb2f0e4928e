import { ChoiceButtons } from "./ChoiceButtons";
import type { Viewed } from "./view";

/** Stands before the first message: a greeting, and what may be chosen instead of writing. */
export function Welcome({ view }: Viewed) {
  const { messages, entries, settings } = view.state;
  const began = messages.length > 0 || entries.length > 0;
  return (
    <div class="welcome">
      <p class="bubble" dir="auto">
        {view.t("greeting")}
      </p>
      {!began && <ChoiceButtons view={view} choices={settings?.choices ?? []} />}
    </div>
  );
}
