import { summaryOf } from "./summary";
import type { Viewed } from "./view";

/** The message that another one answers. It may be older than what is loaded. */
export function QuoteLine({ view: { state, t }, id }: Viewed & { id: string }) {
  const quoted = state.messages.find((message) => message.id === id);
  return (
    <blockquote class="quote">
      {quoted && <b>{quoted.from === "visitor" ? t("you") : quoted.name || t("agent")}</b>}
      <span dir="auto">{quoted ? summaryOf(quoted, t) : t("quote")}</span>
    </blockquote>
  );
}
