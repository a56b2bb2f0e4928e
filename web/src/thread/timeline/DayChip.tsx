import { useNow } from "~/i18n/clock";
import { dayName } from "~/i18n/format";

/** The day of what is at the top, while the reader scrolls: its line may be far above. */
export function DayChip({ at, moving }: { at: string | undefined; moving: boolean }) {
  const now = useNow();
  if (!at) return null;
  return (
    <div
      aria-hidden
      className={`pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center transition-opacity ${moving ? "opacity-100" : "opacity-0"}`}
    >
      <span className="rounded-full border border-line bg-surface px-3 py-0.5 text-meta text-text-2">
        {dayName(at, now)}
      </span>
    </div>
  );
}
