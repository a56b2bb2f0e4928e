import type { TimelineItem } from "~/api/types";

/**
 * Of the messages that are loaded the one that came in last, wherever its own time puts it: who sees them has seen everything up to it. null: there
 * is none.
 */
export function lastArrived(items: readonly TimelineItem[]): string | null {
  const messages = items.flatMap((item) => (item.type === "message" ? [item.message] : []));
  return messages.toSorted((a, b) => b.seq - a.seq)[0]?.id ?? null;
}
