import { useState } from "react";
import type { TimelineItem } from "~/api/types";
import { findUnread, type UnreadMarker } from "./unread";

/** The line above the messages that were unread when the conversation was opened: it stays while they are read, and moves for nothing. */
export function useUnread(items: readonly TimelineItem[], unread: number, loaded: boolean): UnreadMarker | null {
  const [atOpening] = useState(unread);
  const [marker, setMarker] = useState<UnreadMarker | null>();
  if (loaded && !marker && (marker === undefined || atOpening > 0)) {
    const found = findUnread(items, atOpening);
    if (found !== marker) setMarker(found);
  }
  return marker ?? null;
}
