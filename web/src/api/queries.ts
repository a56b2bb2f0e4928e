// What several rooms read. A room's own queries are beside its components.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useApi } from "./context";
import { keys } from "./keys";
import * as operations from "./operations";

// Everything that the feed tells about stays as it is until it does; asking again would only cost.
const live = { staleTime: Infinity } as const;

export function useMe() {
  const api = useApi();
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => operations.getMe(api, signal), ...live });
}

export function useAgents() {
  const api = useApi();
  return useQuery({ queryKey: keys.agents, queryFn: ({ signal }) => operations.listAgents(api, signal), ...live });
}

export function useChannels() {
  const api = useApi();
  return useQuery({
    queryKey: keys.channels,
    queryFn: ({ signal }) => operations.listChannels(api, signal),
    staleTime: 60_000,
  });
}

export function useLabels() {
  const api = useApi();
  return useQuery({ queryKey: keys.labels, queryFn: ({ signal }) => operations.listLabels(api, signal), ...live });
}

export function useCannedReplies() {
  const api = useApi();
  return useQuery({
    queryKey: keys.cannedReplies,
    queryFn: ({ signal }) => operations.listCannedReplies(api, signal),
    staleTime: 60_000,
  });
}

export function useCounts() {
  const api = useApi();
  return useQuery({ queryKey: keys.counts, queryFn: ({ signal }) => operations.getCounts(api, signal), ...live });
}

export function useConversation(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) => operations.getConversation(api, id, signal),
    ...live,
  });
}

export function useConversations(query: operations.ConversationQuery) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: keys.conversations(query),
    queryFn: ({ pageParam, signal }) =>
      operations.listConversations(api, { ...query, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    ...live,
  });
}

export function useContact(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.contact(id),
    queryFn: ({ signal }) => operations.getContact(api, id, signal),
    ...live,
  });
}
