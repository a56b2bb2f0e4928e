import { focusNew } from "./focus";
import type { Viewed } from "./view";

/** What a visitor agrees to before anything is kept or sent. */
export function Consent({ view: { chat, t, open } }: Viewed) {
  return (
    <div class="consent">
      <p>{t("consent.ask")}</p>
      <button type="button" class="primary" after={focusNew} onClick={() => chat.consent(true)}>
        {t("consent.yes")}
      </button>
      <button type="button" class="plain" onClick={() => open(false)}>
        {t("consent.no")}
      </button>
    </div>
  );
}
