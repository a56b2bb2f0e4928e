import { Icon } from "./Icon";
import type { Viewed } from "./view";

/** The button at the edge of the page, with the number of answers that wait. */
export function Launcher({ view: { state, t, open } }: Viewed) {
  const waiting = state.open ? 0 : state.unread;
  const name = state.open ? t("close") : t("open");
  return (
    <button
      type="button"
      class="launcher"
      aria-haspopup="dialog"
      aria-expanded={state.open}
      aria-label={waiting > 0 ? `${name}, ${t("unread", { n: waiting })}` : name}
      onClick={() => open(!state.open)}
    >
      <Icon name={state.open ? "down" : "chat"} size={28} />
      {waiting > 0 && (
        <span class="badge" aria-hidden="true">
          {waiting > 9 ? "9+" : waiting}
        </span>
      )}
    </button>
  );
}
