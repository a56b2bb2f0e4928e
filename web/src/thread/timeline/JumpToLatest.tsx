import { ArrowDown } from "lucide-react";
import { t } from "../text";

/** The way back to the end, with how much came there meanwhile. */
export function JumpToLatest({ news, onJump }: { news: number; onJump(): void }) {
  return (
    <button
      type="button"
      onClick={onJump}
      className="touch-target absolute end-4 bottom-3 z-10 inline-flex min-h-8 items-center gap-1.5 rounded-full border border-line bg-surface px-3 text-chip font-medium shadow-overlay hover:bg-raised"
    >
      <ArrowDown aria-hidden size={16} strokeWidth={1.75} />
      {news > 0 ? t("timeline.news", { n: news }) : t("timeline.latest")}
    </button>
  );
}
