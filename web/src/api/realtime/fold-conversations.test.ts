import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { aChange, aConversation, aLabel, anAgent, anId } from "../fake/objects";
import { keys } from "../keys";
import type { ConversationQuery } from "../operations";
import type { Conversation, Page } from "../types";
import { belongs, type ConversationPages, foldConversations, putConversations } from "./fold-conversations";

const me = anAgent();
const at = (minutes: number) => new Date(Date.parse("2026-11-30T12:00:00Z") + minutes * 60_000).toISOString();
const chat = (n: number, given: Partial<Conversation> = {}) =>
  aConversation({ id: anId(n), last_message_at: at(-n), updated_at: at(-n), assignee: me, ...given });

function client(query: ConversationQuery, pages: Conversation[][], more = false) {
  const made = new QueryClient();
  made.setQueryData(keys.me, { ...me, preferences: {} });
  const all: Page<Conversation>[] = pages.map((items, index) => ({
    items,
    next: more || index < pages.length - 1 ? `after ${index}` : null,
  }));
  made.setQueryData<ConversationPages>(keys.conversations(query), { pages: all, pageParams: all.map(() => null) });
  const numbers = () =>
    made
      .getQueryData<ConversationPages>(keys.conversations(query))
      ?.pages.flatMap((page) => page.items.map((each) => Number(each.id.slice(-12))));
  return { client: made, numbers };
}

describe("folding", () => {
  const cases: {
    name: string;
    query?: ConversationQuery;
    more?: boolean;
    before: number[];
    change: Conversation;
    after: number[];
  }[] = [
    {
      name: "a message moves its conversation up",
      before: [1, 2, 3],
      change: chat(3, { last_message_at: at(1), updated_at: at(1) }),
      after: [3, 1, 2],
    },
    { name: "a new one comes in at its place", before: [1, 3], change: chat(2), after: [1, 2, 3] },
    { name: "a resolved one leaves", before: [1, 2], change: chat(1, { status: "resolved" }), after: [2] },
    {
      name: "one that was given away leaves",
      query: { assignee: "me" },
      before: [1, 2],
      change: chat(1, { assignee: null }),
      after: [2],
    },
    {
      name: "what belongs behind the loaded part waits for its page",
      more: true,
      before: [1, 2],
      change: chat(9),
      after: [1, 2],
    },
    { name: "at the end of all it is the last", before: [1, 2], change: chat(9), after: [1, 2, 9] },
    { name: "into an empty list", before: [], change: chat(1), after: [1] },
    { name: "oldest first", query: { sort: "oldest" }, before: [3, 2], change: chat(1), after: [3, 2, 1] },
    {
      name: "an answered one goes behind all that wait",
      query: { sort: "waiting" },
      before: [3, 2, 1],
      change: chat(3, { waiting_since: null, updated_at: at(1) }),
      after: [2, 1, 3],
    },
  ];
  it.each(cases)("$name", ({ query = {}, more, before, change, after }) => {
    const waiting = (n: number) => (query.sort === "waiting" ? { waiting_since: at(-n) } : {});
    const { client: queries, numbers } = client(query, [before.map((n) => chat(n, waiting(n)))], more);
    foldConversations(queries, [aChange({ conversation: change })]);
    expect(numbers()).toEqual(after);
  });

  it("goes through all pages, keeps what the last leads on to, and doubles nothing", () => {
    const { client: queries, numbers } = client(
      {},
      [
        [chat(1), chat(2)],
        [chat(3), chat(4)],
      ],
      true,
    );
    putConversations(queries, [chat(4, { last_message_at: at(5), updated_at: at(5) }), chat(2, { status: "pending" })]);
    expect(numbers()).toEqual([4, 1, 3]);
    expect(queries.getQueryData<ConversationPages>(keys.conversations({}))?.pages.at(-1)?.next).toBe("after 1");
  });

  it("drops what was merged into another", () => {
    const { client: queries, numbers } = client({}, [[chat(1), chat(2)]]);
    foldConversations(queries, [
      aChange({ kind: "conversation.merged", conversation: chat(1), conversation_id: anId(2), merged_into: anId(1) }),
    ]);
    expect(numbers()).toEqual([1]);
    foldConversations(queries, [aChange({ kind: "message.merged", conversation_id: anId(1), merged_into: anId(77) })]);
    expect(numbers()).toEqual([1]);
  });

  it("leaves a newer state alone", () => {
    const { client: queries } = client({}, [[chat(1, { unread: 5, updated_at: at(10) })]]);
    putConversations(queries, [chat(1, { unread: 1, updated_at: at(9) })]);
    expect(queries.getQueryData<ConversationPages>(keys.conversations({}))?.pages[0]?.items[0]?.unread).toBe(5);
  });

  it("reaches the conversation that is open", () => {
    const { client: queries } = client({}, [[]]);
    queries.setQueryData(keys.conversation(anId(1)), chat(1));
    putConversations(queries, [chat(1, { unread: 7 })]);
    expect(queries.getQueryData<Conversation>(keys.conversation(anId(1)))?.unread).toBe(7);
  });

  it("is not undone by an answer that was on its way", async () => {
    const { client: queries, numbers } = client({}, [[chat(1)]]);
    let answer: (pages: ConversationPages) => void = () => {};
    const loading = queries.fetchQuery<ConversationPages>({
      queryKey: keys.conversations({}),
      queryFn: () => new Promise((resolve) => (answer = resolve)),
      staleTime: 0,
    });
    putConversations(queries, [chat(1, { status: "resolved", updated_at: at(1) })]);
    answer({ pages: [{ items: [chat(1)], next: null }], pageParams: [null] });
    await loading;
    await Promise.resolve();
    expect(numbers()).toEqual([]);
  });
});

describe("belongs", () => {
  const label = aLabel();
  const conversation = chat(1, { labels: [label], channel: "telegram", account_id: anId(7), unread: 1 });
  const cases: [ConversationQuery, boolean][] = [
    [{}, true],
    [{ status: "resolved" }, false],
    [{ status: "all" }, true],
    [{ channel: "telegram" }, true],
    [{ channel: "whatsapp" }, false],
    [{ account_id: anId(7) }, true],
    [{ account_id: anId(8) }, false],
    [{ label: label.id }, true],
    [{ label: anId(8) }, false],
    [{ unread: true }, true],
    [{ assignee: "me" }, true],
    [{ assignee: "none" }, false],
    [{ assignee: me.id }, true],
    [{ assignee: anId(8) }, false],
  ];
  it.each(cases)("%o: %s", (query, expected) => expect(belongs(conversation, query, me.id)).toBe(expected));
});
