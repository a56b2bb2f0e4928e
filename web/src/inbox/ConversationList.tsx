import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowUp } from "lucide-react";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useConversations } from "~/api/queries";
import type { Conversation } from "~/api/types";
import { usePreferences } from "~/app/preferences";
import { useConversationActions } from "~/conversation-actions";
import { useAfterDone } from "./after-done";
import { useRowFocus } from "./focus";
import { Grid } from "./Grid";
import { useAttention, useHeld } from "./hold";
import { ListFooter } from "./ListFooter";
import { ListHeader } from "./ListHeader";
import { useListShortcuts } from "./list-shortcuts";
import { NoRows, RowsFailed, RowShapes } from "./ListState";
import { RowMenu } from "./RowMenu";
import { queryOf, sortOf } from "./search";
import { useSelection } from "./selection";
import { t } from "./text";

const BulkBar = lazy(() => import("./BulkBar").then((module) => ({ default: module.BulkBar })));

const longest = 600_000;

/** The conversations of a view: live, in an order that holds while somebody is at it. */
export function ConversationList({ open }: { open: string | null }) {
  const { view } = useParams({ from: "/shell/inbox/$view" });
  const search = useSearch({ from: "/shell/inbox/$view" });
  const [preferences] = usePreferences();
  const sort = sortOf(search, preferences.sort);
  const query = useMemo(() => queryOf(view, search, sort), [view, search, sort]);
  const answer = useConversations(query);
  const actions = useConversationActions();
  const navigate = useNavigate();
  const selection = useSelection();
  const focus = useRowFocus();
  const attention = useAttention();
  const [scrolled, setScrolled] = useState(false);

  const loaded = useMemo(() => distinct(answer.data?.pages.flatMap((page) => page.items) ?? []), [answer.data]);
  // Nobody reads what is above; what left by somebody's doing need stay only under a pointer.
  const gone = useCallback((id: string) => !attention.busy || actions.isOwn(id, longest), [attention.busy, actions]);
  const { rows, news } = useHeld(loaded, attention.busy || scrolled, JSON.stringify(query), gone);
  const onOpen = useCallback(
    (id: string) =>
      void navigate({
        to: "/inbox/$view/$conversationId",
        params: { view, conversationId: id },
        search: { ...search, message: undefined },
      }),
    [navigate, view, search],
  );
  const onSelect = useCallback(
    (id: string, range: boolean) =>
      range
        ? selection.extendTo(
            id,
            rows.map((row) => row.id),
          )
        : selection.toggle(id),
    [selection, rows],
  );
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = answer;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  useListShortcuts({ rows, view, search, open, focus, selection, onOpen });
  useAfterDone({ rows, view, search, open, focus, selection, onOpen });

  const showNews = () => {
    attention.release();
    setScrolled(false);
    document.querySelector('[data-pane="list"] [role="grid"]')?.scrollTo({ top: 0 });
  };
  const header = <ListHeader view={view} search={search} />;
  const compact = preferences.density === "compact";
  return (
    <>
      <Suspense fallback={header}>{selection.ids.size > 0 ? <BulkBar selection={selection} /> : header}</Suspense>
      {answer.isPending && <RowShapes compact={compact} />}
      {answer.isError && rows.length === 0 && <RowsFailed error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isSuccess && rows.length === 0 && !hasNextPage && <NoRows view={view} search={search} />}
      {rows.length > 0 && (
        <RowMenu rows={rows} selection={selection}>
          <div className="relative flex min-h-0 flex-1 flex-col" {...attention.handlers}>
            {news > 0 && <NewsPill n={news} onClick={showNews} />}
            <Grid
              rows={rows}
              more={hasNextPage}
              view={view}
              search={search}
              open={open}
              selection={selection}
              compact={compact}
              focus={focus}
              onOpen={onOpen}
              onSelect={onSelect}
              onEnd={onEnd}
              onScrolled={setScrolled}
              footer={
                <ListFooter
                  loading={isFetchingNextPage}
                  failed={isFetchNextPageError}
                  more={hasNextPage}
                  onRetry={() => void fetchNextPage()}
                />
              }
            />
          </div>
        </RowMenu>
      )}
    </>
  );
}

function NewsPill({ n, onClick }: { n: number; onClick(): void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute top-2 left-1/2 z-10 inline-flex min-h-7 -translate-x-1/2 items-center gap-1 rounded-full bg-accent px-3 text-chip font-medium text-on-accent shadow-overlay"
    >
      <ArrowUp aria-hidden size={14} />
      {t("list.new", { n })}
    </button>
  );
}

// A conversation that moved while the next page was on its way may be in both.
function distinct(conversations: Conversation[]): Conversation[] {
  const seen = new Set<string>();
  return conversations.filter(({ id }) => !seen.has(id) && seen.add(id));
}
