import type { TimelineItem } from "~/api/types";

export interface UnreadMarker {
  /** The message above which the unread ones begin. */
  first: string;
  count: number;
}

/**
 * Where the unread messages began when the conversation was opened: the number comes from the conversation, the place from what is loaded.
 * Null: nothing was unread, or the place is not loaded yet.
 */
export function findUnread(items: readonly TimelineItem[], unread: number): UnreadMarker | null {
  let left = unread;
  if (left <= 0) return null;
  let first: string | null = null;
  for (const item of items) {
    if (item.type !== "message" || item.message.direction !== "in" || item.message.history) continue;
    first = item.message.id;
    if (--left === 0) break;
  }
  return first === null || left > 0 ? null : { first, count: unread };
}
