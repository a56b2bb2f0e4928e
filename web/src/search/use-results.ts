import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { search } from "~/api/operations";
import type { SearchIn } from "~/api/types";

/** The fewest characters that the server searches for. */
export const MINIMUM = 2;

/** What the server finds, page by page. An answer to what was typed before never replaces one to what is typed now: each has a key of its own. */
export function useResults(q: string, within: SearchIn) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: keys.search(q, within),
    queryFn: ({ pageParam, signal }) => search(api, q, within, { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before, query) => (query?.queryKey[2] === within ? keepPreviousData(before) : undefined),
    enabled: q.length >= MINIMUM,
    staleTime: 30_000,
  });
}
