import { useNavigate } from "@tanstack/react-router";
import { CloudOff, Coffee, FilterX, Inbox } from "lucide-react";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { Skeleton } from "~/ui/Skeleton";
import { wordsFor } from "~/ui/toasts";
import { t as core } from "~/i18n";
import { type InboxSearch, isFiltered, type View, withoutFilters } from "./search";
import { t } from "./text";

/** There is nothing to show: because nothing is there, or because nothing matches. */
export function NoRows({ view, search }: { view: View; search: InboxSearch }) {
  const navigate = useNavigate();
  if (isFiltered(search)) {
    return (
      <EmptyState icon={FilterX} title={t("empty.filtered.title")} hint={t("empty.filtered.hint")}>
        <Button onClick={() => void navigate({ to: ".", params: { view }, search: withoutFilters(search) })}>
          {t("filter.clear")}
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={view === "all" ? Inbox : Coffee}
      title={t(`empty.${view}.title`)}
      hint={t(`empty.${view}.hint`)}
    />
  );
}

export function RowsFailed({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const { text, detail } = wordsFor(error, t("error.title"));
  return (
    <EmptyState alert icon={CloudOff} title={text} hint={detail}>
      <Button variant="primary" onClick={onRetry}>
        {core("common.retry")}
      </Button>
    </EmptyState>
  );
}

const shapes = Array.from({ length: 12 }, (_, index) => index);

/** Rows in their final size, before they are known. */
export function RowShapes({ compact }: { compact: boolean }) {
  return (
    <div role="status" aria-label={core("app.loading")} className="min-h-0 flex-1 overflow-hidden">
      {shapes.map((shape) => (
        <div
          key={shape}
          className={`flex items-center gap-3 border-b border-line px-3 ${compact ? "h-14" : "h-[72px]"}`}
        >
          <Skeleton className="size-10 shrink-0 rounded-full" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-4 w-1/2" />
            <Skeleton className="h-3 w-4/5" />
          </div>
        </div>
      ))}
    </div>
  );
}
