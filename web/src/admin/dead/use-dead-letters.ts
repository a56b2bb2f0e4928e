import { useInfiniteQuery } from "@tanstack/react-query";
import { type DeadFilter, listDeadLetters } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";

/** The dead letters that match, what died last first. */
export function useDeadLetters(filter: DeadFilter) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [...keys.deadLetters, "list", filter],
    queryFn: ({ pageParam, signal }) => listDeadLetters(api, { ...filter, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}
