import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import { keys } from "../keys";
import type { ConversationQuery } from "../operations";
import type { Conversation, FeedChange, Me, Page } from "../types";

export type ConversationPages = InfiniteData<Page<Conversation>, string | null>;

/** Folds the present state of conversations into every list and every conversation that is kept. */
export function foldConversations(client: QueryClient, changes: FeedChange[]): void {
  const latest = new Map<string, Conversation>();
  for (const { conversation } of changes) if (conversation) latest.set(conversation.id, conversation);
  if (latest.size > 0) putConversations(client, [...latest.values()]);
  const gone = changes.filter(({ kind }) => kind === "conversation.merged" || kind === "conversation.erased");
  if (gone.length > 0) dropConversations(client, new Set(gone.map((change) => change.conversation_id)));
}

// What was merged into another is nowhere any more; whoever has it open is shown the other by the server. What was erased is not either, nor is what was
// said there.
function dropConversations(client: QueryClient, ids: Set<string | null>): void {
  for (const [key] of client.getQueriesData<ConversationPages>({ queryKey: keys.allConversations })) {
    whenLoaded<ConversationPages>(client, key, (list) => ({
      ...list,
      pages: list.pages.map((page) => ({ ...page, items: page.items.filter((each) => !ids.has(each.id)) })),
    }));
  }
  for (const id of ids) {
    if (!id) continue;
    void client.invalidateQueries({ queryKey: keys.conversation(id) });
    void client.resetQueries({ queryKey: keys.timelines(id) });
  }
}

/** Puts conversations as they are now where they belong: out of lists that they left, into those that they came to, each to its place. */
export function putConversations(client: QueryClient, conversations: Conversation[]): void {
  const changed = new Map(conversations.map((each) => [each.id, each]));
  for (const [id, conversation] of changed) {
    whenLoaded<Conversation>(client, keys.conversation(id), (before) =>
      isNewer(before, conversation) ? before : conversation,
    );
  }
  const me = client.getQueryData<Me>(keys.me)?.id;
  for (const [key] of client.getQueriesData<ConversationPages>({ queryKey: keys.allConversations })) {
    whenLoaded<ConversationPages>(client, key, (pages) => folded(pages, key[1] as ConversationQuery, changed, me));
  }
}

/** Folds into what is kept under a key; if it is just being loaded, also into that: the answer may be from before the change. */
export function whenLoaded<T>(client: QueryClient, key: QueryKey, fold: (data: T) => T): void {
  const query = client.getQueryCache().find<T>({ queryKey: key, exact: true });
  if (!query) return;
  const apply = () => client.setQueryData<T>(key, (data) => data && fold(data));
  apply();
  if (query.state.fetchStatus === "fetching") void query.promise?.then(apply, () => undefined);
}

const isNewer = (before: Conversation, than: Conversation): boolean => before.updated_at > than.updated_at;

function folded(pages: ConversationPages, query: ConversationQuery, given: Map<string, Conversation>, me?: string) {
  const before = pages.pages.flatMap((page) => page.items);
  const newer = new Set(
    before.filter((each) => given.has(each.id) && isNewer(each, given.get(each.id) ?? each)).map((each) => each.id),
  );
  const changed = new Map([...given].filter(([id]) => !newer.has(id)));
  const kept = before.filter((each) => !changed.has(each.id));
  const coming = [...changed.values()].filter((each) => belongs(each, query, me));
  if (coming.length === 0 && kept.length === before.length) return pages;
  const items = merged(kept, coming, query, pages.pages.at(-1)?.next === null);
  // The pages' boundaries mean nothing any more; what the last one leads on to still does.
  return {
    ...pages,
    pages: pages.pages.map((page, index) => ({ ...page, items: index === 0 ? items : [] })),
  };
}

function merged(
  kept: Conversation[],
  coming: Conversation[],
  query: ConversationQuery,
  complete: boolean,
): Conversation[] {
  const compare = comparing(query.sort);
  const last = kept.at(-1);
  // What belongs behind the part that is loaded comes with the next page.
  const near = complete || !last ? coming : coming.filter((each) => compare(each, last) < 0);
  const sorted = near.toSorted(compare);
  const items: Conversation[] = [];
  let next = 0;
  for (const each of kept) {
    while (next < sorted.length && compare(sorted[next] as Conversation, each) < 0)
      items.push(sorted[next++] as Conversation);
    items.push(each);
  }
  return items.concat(sorted.slice(next));
}

/** Whether a list that was asked for by a query holds the conversation. */
export function belongs(conversation: Conversation, query: ConversationQuery, me?: string): boolean {
  const { status = "open", channel, account_id, assignee, label, unread } = query;
  if (status !== "all" && conversation.status !== status) return false;
  if (channel && conversation.channel !== channel) return false;
  if (account_id && conversation.account_id !== account_id) return false;
  if (label && !conversation.labels.some((each) => each.id === label)) return false;
  if (unread && conversation.unread === 0) return false;
  return isAssigned(conversation, assignee, me);
}

function isAssigned(conversation: Conversation, assignee: string | undefined, me?: string): boolean {
  if (!assignee) return true;
  if (assignee === "none") return conversation.assignee === null;
  return conversation.assignee?.id === (assignee === "me" ? me : assignee);
}

/** The order of a list; the same as the server's. */
export function comparing(sort: ConversationQuery["sort"] = "recent") {
  return (a: Conversation, b: Conversation): number => {
    if (sort === "waiting") return compareTimes(a.waiting_since, b.waiting_since) || compareText(a.id, b.id);
    if (sort === "oldest") return compareTimes(a.last_message_at, b.last_message_at) || compareText(a.id, b.id);
    return (
      compareTimes(b.last_message_at ?? b.created_at, a.last_message_at ?? a.created_at) || compareText(b.id, a.id)
    );
  };
}

// Nothing comes last: a conversation that waits for no answer stands behind all that do.
function compareTimes(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return compareText(a, b);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
