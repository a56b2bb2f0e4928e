import type { Message } from "~/api/types";
import { useThread } from "../context";
import { t } from "../text";

/** Who reacted how. Pressing one of ours takes it away, where the channel lets us. */
export function Reactions({ message }: { message: Message }) {
  const { react } = useThread();
  if (message.reactions.length === 0) return null;
  return (
    <ul aria-label={t("reactions.label")} className="flex flex-wrap gap-1">
      {message.reactions.map(({ emoji, by, count }) => {
        const label = t(by === "us" ? "reactions.ours" : "reactions.theirs", { emoji, n: count });
        const shown = (
          <>
            <span aria-hidden>{emoji}</span>
            {count > 1 && <span aria-hidden>{count}</span>}
            <span className="sr-only">{label}</span>
          </>
        );
        return (
          <li key={`${by}${emoji}`} title={label}>
            {by === "us" ? (
              <button type="button" onClick={() => react(message, "")} className={`${chip} border-accent bg-selected`}>
                {shown}
              </button>
            ) : (
              <span className={`${chip} border-line bg-surface`}>{shown}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

const chip = "inline-flex h-6 items-center gap-1 rounded-full border px-2 text-chip tabular-nums";
