import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { keys } from "~/api/keys";
import { registerFold } from "~/api/realtime";
import { whenLoaded } from "~/api/realtime/fold-conversations";
import type { FeedChange, TimelineItem, TimelinePage } from "~/api/types";
import { idOf } from "./rows";

/** Where a page of a timeline begins. */
export interface PagePlace {
  cursor?: string;
  around?: string;
}

export type TimelinePages = InfiniteData<TimelinePage, PagePlace>;

/** Puts items as they are now into every part of a conversation's timeline that is kept. */
export function putItems(client: QueryClient, conversation: string, items: TimelineItem[]): void {
  for (const [key] of client.getQueriesData<TimelinePages>({ queryKey: keys.timelines(conversation) })) {
    whenLoaded<TimelinePages>(client, key, (pages) => items.reduce(withItem, pages));
  }
}

/** Puts one item to its place: where it was, or where its time belongs. What lies beyond the loaded part comes when that is loaded. */
export function withItem(timeline: TimelinePages, item: TimelineItem): TimelinePages {
  const id = idOf(item);
  const known = timeline.pages.findIndex((page) => page.items.some((each) => idOf(each) === id));
  if (known >= 0) {
    return withPage(timeline, known, (items) => items.map((each) => (idOf(each) === id ? item : each)));
  }
  const place = timeline.pages.findIndex((page) => page.items.some((each) => timeOf(each) <= timeOf(item)));
  const isNewest =
    place === 0 && timeline.pages[0]?.items[0] !== undefined && timeOf(timeline.pages[0].items[0]) <= timeOf(item);
  // Between what is loaded and the newest there may be more that is not.
  if (isNewest && timeline.pages[0]?.newer) return timeline;
  if (place < 0)
    return timeline.pages.at(-1)?.older
      ? timeline
      : withPage(timeline, timeline.pages.length - 1, (items) => [...items, item]);
  return withPage(timeline, place, (items) => {
    const at = items.findIndex((each) => timeOf(each) <= timeOf(item));
    return items.toSpliced(at, 0, item);
  });
}

function withPage(
  timeline: TimelinePages,
  at: number,
  change: (items: TimelineItem[]) => TimelineItem[],
): TimelinePages {
  const page = timeline.pages[at];
  return page ? { ...timeline, pages: timeline.pages.with(at, { ...page, items: change(page.items) }) } : timeline;
}

export function timeOf(item: TimelineItem): number {
  switch (item.type) {
    case "message":
      return Date.parse(item.message.at);
    case "note":
      return Date.parse(item.note.at);
    case "activity":
      return Date.parse(item.activity.at);
  }
}

/** What the feed tells of a timeline: messages and notes come whole. */
export function foldTimelines(client: QueryClient, changes: FeedChange[]): void {
  const items = new Map<string, Map<string, TimelineItem>>();
  for (const { message, note } of changes) {
    const item: TimelineItem | null = message ? { type: "message", message } : note ? { type: "note", note } : null;
    const conversation = message?.conversation ?? note?.conversation;
    if (!item || !conversation) continue;
    const of = items.get(conversation) ?? new Map<string, TimelineItem>();
    items.set(conversation, of.set(idOf(item), item));
  }
  for (const [conversation, changed] of items) putItems(client, conversation, [...changed.values()]);
}

registerFold(foldTimelines);
