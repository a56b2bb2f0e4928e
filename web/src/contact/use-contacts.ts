import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { listContacts } from "~/api/operations";

/** The contacts that have something in their name, phone, email or username, page by page. */
export function useContacts(query: string) {
  const api = useApi();
  const q = useDeferredValue(query.trim());
  return useInfiniteQuery({
    queryKey: keys.contacts(q),
    queryFn: ({ pageParam, signal }) => listContacts(api, q || undefined, { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
