import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { getTimeline } from "~/api/operations";
import { useFeed } from "~/api/realtime";
import type { FeedChange, TimelineItem } from "~/api/types";
import { type PagePlace, putItems } from "./fold";

const PAGE = 50;
/** So many pages are kept: a long history must not fill the memory. */
const KEPT = 10;
/** What happened to a conversation is in no change of the feed: it is asked for, at most this often. */
const ACTIVITY_PAUSE = 1_000;

/** The loaded part of a conversation's timeline, live at its newest end. around: the message that it was opened at. */
export function useTimeline(conversation: string, around: string | null) {
  const api = useApi();
  const query = useInfiniteQuery({
    queryKey: keys.timeline(conversation, around),
    queryFn: ({ pageParam, signal }) => getTimeline(api, conversation, { ...pageParam, limit: PAGE }, signal),
    initialPageParam: (around ? { around } : {}) as PagePlace,
    getNextPageParam: (page): PagePlace | null => (page.older ? { cursor: page.older } : null),
    getPreviousPageParam: (page): PagePlace | null => (page.newer ? { cursor: page.newer } : null),
    maxPages: KEPT,
    staleTime: Infinity,
  });
  useActivities(conversation);
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}

export type LoadedTimeline = ReturnType<typeof useTimeline>;

/** Fetches what happened to the conversation when it changed without a message. */
function useActivities(conversation: string) {
  const api = useApi();
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useFeed((changes) => {
    if (timer.current !== undefined || !hasActivity(changes, conversation)) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void getTimeline(api, conversation, { limit: 20 }).then(
        ({ items }) => putItems(client, conversation, items.filter(isActivity)),
        () => undefined, // the next change or the next opening brings them
      );
    }, ACTIVITY_PAUSE);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

const isActivity = (item: TimelineItem) => item.type === "activity";

function hasActivity(changes: FeedChange[], conversation: string): boolean {
  const own = changes.filter((change) => (change.conversation_id ?? change.conversation?.id) === conversation);
  return own.some((change) => change.kind === "conversation.updated") && !own.some((change) => change.message);
}
