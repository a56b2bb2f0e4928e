import type { QueryClient } from "@tanstack/react-query";
import { keys } from "~/api/keys";
import type { ConversationPages } from "~/api/realtime/fold-conversations";
import type { Conversation } from "~/api/types";

/** The conversations among ids that are kept, as they are known now. */
export function knownConversations(client: QueryClient, ids: string[]): Conversation[] {
  const wanted = new Set(ids);
  const known = new Map<string, Conversation>();
  const lists = client.getQueriesData<ConversationPages>({ queryKey: keys.allConversations });
  for (const [, list] of lists) {
    for (const each of list?.pages.flatMap((page) => page.items) ?? [])
      if (wanted.has(each.id)) known.set(each.id, each);
  }
  for (const id of ids) {
    const one = client.getQueryData<Conversation>(keys.conversation(id));
    if (one) known.set(id, one);
  }
  return [...known.values()];
}
