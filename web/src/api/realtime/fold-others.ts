import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { keys } from "../keys";
import type { Conversation, FeedChange } from "../types";
import type { ConversationPages } from "./fold-conversations";

/** Asks again for what changes only tell the kind of, and for what no change carries: the counts. */
export function foldOthers(client: QueryClient, changes: FeedChange[]): void {
  for (const key of new Set(changes.flatMap(staleBy))) askSoon(client, key);
  for (const contact of new Set(changes.map((change) => change.contact_id)))
    if (contact) contactChanged(client, contact);
}

// A conversation carries its contact's name: whatever shows it has to be asked for again.
function contactChanged(client: QueryClient, contact: string) {
  void client.invalidateQueries({ queryKey: keys.contact(contact) });
  void client.invalidateQueries({
    predicate: ({ queryKey, state }) =>
      (queryKey[0] === "conversations" || queryKey[0] === "conversation") && shows(state.data, contact),
  });
}

function shows(data: unknown, contact: string): boolean {
  if (typeof data !== "object" || data === null) return false;
  if (!("pages" in data)) return (data as Conversation).contact?.id === contact;
  return (data as ConversationPages).pages.some((page) => page.items.some((each) => each.contact?.id === contact));
}

function staleBy(change: FeedChange): QueryKey[] {
  switch (change.kind.split(".")[0]) {
    case "conversation":
    case "message":
    case "event":
      return [keys.counts];
    case "contact":
      return [keys.allContacts];
    case "labels":
      return [keys.labels];
    case "agents":
      return [keys.agents, keys.me];
    case "account":
    case "channel":
    case "channels":
      return [keys.channels];
    case "canned-replies":
    case "canned_replies":
      return [keys.cannedReplies];
    case "subscription":
    case "subscriptions":
      return [keys.subscriptions];
    default:
      return [];
  }
}

// However fast changes come, each thing is asked for at once and then no oftener than this.
const pause = 2_000;
const waiting = new WeakMap<QueryClient, Map<string, boolean>>();

function askSoon(client: QueryClient, key: QueryKey) {
  const name = String(key[0]);
  const pauses = waiting.get(client) ?? new Map<string, boolean>();
  waiting.set(client, pauses);
  if (pauses.has(name)) {
    pauses.set(name, true);
    return;
  }
  pauses.set(name, false);
  void client.invalidateQueries({ queryKey: key });
  setTimeout(() => {
    const again = pauses.get(name);
    pauses.delete(name);
    if (again) askSoon(client, key);
  }, pause);
}
