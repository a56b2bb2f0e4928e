import { useEffect, useRef, useSyncExternalStore } from "react";
import { useApi } from "~/api/context";
import { markRead } from "~/api/operations";
import type { Conversation } from "~/api/types";

/** So long the newest message has to be in view before it counts as read: opening a conversation by mistake forgets nobody. */
const READ_AFTER = 2_000;

/**
 * Marks the conversation as read once its end was in view for a while. newest: the message that came in last of those that are shown; null: the end
 * is out of view.
 */
export function useReading(conversation: Conversation, newest: string | null): void {
  const api = useApi();
  const looking = useLooking();
  const done = useRef<string | null>(null);
  const { id, unread } = conversation;
  useEffect(() => {
    if (!looking || newest === null || unread === 0 || done.current === newest) return;
    const timer = setTimeout(() => {
      // Once for each message: what the agent marks as unread again stays so.
      done.current = newest;
      markRead(api, id, newest).catch(() => (done.current = null));
    }, READ_AFTER);
    return () => clearTimeout(timer);
  }, [api, id, unread, newest, looking]);
}

/** Whether the agent looks at the page: visible, and in front. */
export function useLooking(): boolean {
  return useSyncExternalStore(subscribe, () => document.visibilityState === "visible" && document.hasFocus());
}

function subscribe(listener: () => void): () => void {
  const events = [
    [document, "visibilitychange"],
    [window, "focus"],
    [window, "blur"],
  ] as const;
  for (const [target, event] of events) target.addEventListener(event, listener);
  return () => {
    for (const [target, event] of events) target.removeEventListener(event, listener);
  };
}
