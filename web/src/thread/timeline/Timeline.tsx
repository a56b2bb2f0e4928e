import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { CloudOff, MessagesSquare } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Conversation } from "~/api/types";
import { t as core } from "~/i18n";
import type { Entry } from "~/outbox/entry";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { Spinner } from "~/ui/Spinner";
import { contactName } from "~/i18n/names";
import { t } from "../text";
import { lastArrived } from "./arrived";
import { DayChip } from "./DayChip";
import { JumpToLatest } from "./JumpToLatest";
import { rowName, RowView } from "./RowView";
import { indexOfMessage, type Row, rowsOf } from "./rows";
import { TimelineSkeleton } from "./TimelineSkeleton";
import { useFeedKeys } from "./use-feed-keys";
import { useReading } from "./use-reading";
import type { LoadedTimeline } from "./use-timeline";
import { useUnread } from "./use-unread";

/** This near to its end the timeline follows what comes. */
const AT_END = 80;
/** This many rows before the end of what is loaded the next page is asked for. */
const AHEAD = 8;
/** So long a message that was jumped to stands out. */
const FLASH = 2_500;

export interface Jump {
  message: string;
  /** Tells a second jump to the same message from the first. */
  turn: number;
}

interface TimelineProps {
  conversation: Conversation;
  timeline: LoadedTimeline;
  entries: readonly Entry[];
  jump: Jump | null;
  /** The agent wants the newest part, which is not loaded. */
  onLatest(): void;
}

/** The conversation from its first message to the latest, of which only what is near the view is drawn. */
export function Timeline({ conversation, timeline, entries, jump, onLatest }: TimelineProps) {
  const { items, isPending, isError, hasPreviousPage } = timeline;
  const unread = useUnread(items, conversation.unread, !isPending && !jump);
  const rows = useMemo(
    () => rowsOf({ items, pending: hasPreviousPage ? [] : entries, unread }),
    [items, entries, unread, hasPreviousPage],
  );
  if (isPending) return <TimelineSkeleton />;
  if (isError && rows.length === 0) {
    return (
      <EmptyState icon={CloudOff} title={t("timeline.failed")} alert>
        <Button onClick={() => void timeline.refetch()}>{core("common.retry")}</Button>
      </EmptyState>
    );
  }
  if (rows.length === 0) return <EmptyState icon={MessagesSquare} title={t("timeline.empty")} />;
  return <Feed conversation={conversation} timeline={timeline} rows={rows} jump={jump} onLatest={onLatest} />;
}

type FeedProps = Omit<TimelineProps, "entries"> & { rows: Row[] };

function Feed({ conversation, timeline, rows, jump, onLatest }: FeedProps) {
  const pane = useRef<HTMLDivElement>(null);
  const customer = contactName(conversation.contact);
  const [current, setCurrent] = useState<string | null>(null);
  const currentIndex = useMemo(() => rows.findIndex((row) => row.key === current), [rows, current]);
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => pane.current,
    estimateSize: (index) => estimate(rows[index]),
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: AT_END,
    overscan: 8,
    paddingEnd: 12,
    // The row that has the focus stays, or the focus would fall to the page.
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const shown = defaultRangeExtractor(range);
        return currentIndex < 0 || shown.includes(currentIndex)
          ? shown
          : [...shown, currentIndex].toSorted((a, b) => a - b);
      },
      [currentIndex],
    ),
  });
  const { hasNextPage, hasPreviousPage, isFetchingNextPage, isFetchingPreviousPage, fetchNextPage, fetchPreviousPage } =
    timeline;

  // At first: the unread messages, or the end.
  const placed = useRef(false);
  useLayoutEffect(() => {
    if (placed.current || jump) return;
    placed.current = true;
    const unread = rows.findIndex((row) => row.type === "unread");
    if (unread >= 0) virtualizer.scrollToIndex(unread, { align: "start" });
    else virtualizer.scrollToEnd();
  }, [jump, rows, virtualizer]);

  const flashed = useJump({
    jump,
    rows,
    show(index) {
      virtualizer.scrollToIndex(index, { align: "center" });
      requestAnimationFrame(() => landOn(pane.current?.querySelector(`article[data-index="${index}"]`)));
    },
  });
  if (flashed) placed.current = true;

  // What the agent sends themselves is where they look next.
  const sent = rows.findLast((row) => row.type === "pending")?.key;
  useEffect(() => {
    if (sent) virtualizer.scrollToEnd();
  }, [sent, virtualizer]);

  const shown = virtualizer.getVirtualItems();
  const [firstShown, lastShown] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0];
  useEffect(() => {
    if (firstShown < AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [firstShown, hasNextPage, isFetchingNextPage, fetchNextPage]);
  useEffect(() => {
    if (lastShown > rows.length - AHEAD && hasPreviousPage && !isFetchingPreviousPage) void fetchPreviousPage();
  }, [lastShown, rows.length, hasPreviousPage, isFetchingPreviousPage, fetchPreviousPage]);

  const atEnd = !hasPreviousPage && virtualizer.isAtEnd(AT_END);
  const lastKey = rows.at(-1)?.key;
  const seen = useRef(lastKey);
  if (atEnd) seen.current = lastKey;
  const news = atEnd ? 0 : newsSince(rows, seen.current);
  useReading(conversation, atEnd ? lastArrived(timeline.items) : null);
  const onKeyDown = useFeedKeys({ rows, current: currentIndex, virtualizer, setCurrent });

  return (
    <div className="relative min-h-0 flex-1">
      <DayChip at={rows[firstVisible(virtualizer)]?.at} moving={virtualizer.isScrolling} />
      <div ref={pane} className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none]">
        {isFetchingNextPage && <Loading place="top-1" />}
        {/* A feed has keys of its own between its articles. */}
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/no-noninteractive-element-interactions */}
        <div
          role="feed"
          aria-label={t("timeline.label")}
          aria-busy={isFetchingNextPage || isFetchingPreviousPage}
          data-pane-entry
          onKeyDown={onKeyDown}
          style={{ height: virtualizer.getTotalSize() }}
          className="relative"
        >
          {shown.map(({ index, start, key }) => {
            const row = rows[index];
            if (!row) return null;
            const place = { transform: `translateY(${start}px)` };
            if (row.type === "day" || row.type === "unread") {
              return (
                <div key={key} data-index={index} ref={virtualizer.measureElement} style={place} className={placeClass}>
                  <RowView row={row} />
                </div>
              );
            }
            return (
              // An article notes that it got the focus, so that the keyboard goes on from there.
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
              <article
                key={key}
                data-index={index}
                ref={virtualizer.measureElement}
                style={place}
                aria-posinset={hasNextPage || hasPreviousPage ? undefined : index + 1}
                aria-setsize={hasNextPage || hasPreviousPage ? -1 : rows.length}
                aria-label={rowName(row, customer)}
                // The keyboard stops at one article of the feed, and goes on from there.
                // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
                tabIndex={index === (currentIndex < 0 ? rows.length - 1 : currentIndex) ? 0 : -1}
                onFocus={() => setCurrent(row.key)}
                className={`${placeClass} rounded-control ${flashed === row.key ? "bg-selected" : "transition-colors"}`}
              >
                <RowView row={row} />
              </article>
            );
          })}
        </div>
      </div>
      {(!atEnd || hasPreviousPage) && (
        <JumpToLatest
          news={news}
          onJump={() => {
            if (hasPreviousPage) onLatest();
            else virtualizer.scrollToEnd({ behavior: "auto" });
          }}
        />
      )}
    </div>
  );
}

const placeClass = "absolute inset-x-0 top-0";

function Loading({ place }: { place: string }) {
  return (
    <p className={`pointer-events-none absolute inset-x-0 ${place} z-10 flex justify-center text-meta text-text-3`}>
      <Spinner />
      <span className="sr-only">{core("app.loading")}</span>
    </p>
  );
}

interface JumpOptions {
  jump: Jump | null;
  rows: Row[];
  show(index: number): void;
}

/** Goes to the message that is asked for once it is loaded, and lets it stand out for a moment: gives the key of its row. */
function useJump({ jump, rows, show }: JumpOptions): string | null {
  const [flashed, setFlashed] = useState<string | null>(null);
  const done = useRef<Jump | null>(null);
  useEffect(() => {
    if (!jump || done.current === jump) return;
    const index = indexOfMessage(rows, jump.message);
    const row = rows[index];
    if (!row) return;
    done.current = jump;
    show(index);
    // What is found depends on what was loaded meanwhile: no state that could be derived.
    // oxlint-disable-next-line react/set-state-in-effect
    setFlashed(row.key);
  }, [jump, rows, show]);
  useEffect(() => {
    if (!flashed) return;
    const timer = setTimeout(() => setFlashed(null), FLASH);
    return () => clearTimeout(timer);
  }, [flashed]);
  return flashed;
}

/** Whoever comes here from another room, a result of the search, reads on from the message. */
function landOn(article: HTMLElement | null | undefined) {
  const focused = document.activeElement;
  if (focused === document.body || focused?.id === "content") article?.focus({ preventScroll: true });
}

/** How many messages of the customer came below what was seen last. */
function newsSince(rows: Row[], seen: string | undefined): number {
  const at = rows.findLastIndex((row) => row.key === seen);
  return at < 0
    ? 0
    : rows.slice(at + 1).filter((row) => row.type === "message" && row.message.direction === "in").length;
}

function firstVisible(virtualizer: {
  getVirtualItemForOffset(offset: number): { index: number } | undefined;
  scrollOffset: number | null;
}) {
  return virtualizer.getVirtualItemForOffset(virtualizer.scrollOffset ?? 0)?.index ?? 0;
}

/** About how high a row will be: what is measured later moves less when this is near. */
function estimate(row: Row | undefined): number {
  switch (row?.type) {
    case "message": {
      const pictures = row.album.some((message) =>
        message.attachments.some(({ kind }) => kind === "image" || kind === "video"),
      );
      return (
        (pictures ? 260 : 40) +
        Math.ceil(row.message.text.length / 60) * 20 +
        (row.first ? 28 : 2) +
        (row.last ? 18 : 0)
      );
    }
    case "note":
      return 60 + Math.ceil(row.note.text.length / 60) * 20;
    case "pending":
      return 76;
    default:
      return 36;
  }
}
