import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { aChange, aContact, aConversation, anId, noCounts } from "../fake/objects";
import { keys } from "../keys";
import { foldOthers } from "./fold-others";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function client() {
  const made = new QueryClient();
  const asked: QueryKey[] = [];
  vi.spyOn(made, "invalidateQueries").mockImplementation((filters) => {
    if (filters?.queryKey) asked.push(filters.queryKey);
    return Promise.resolve();
  });
  return { made, asked };
}

it("asks for the counts at once, and during a storm no oftener than every two seconds", () => {
  const { made, asked } = client();
  for (let n = 0; n < 100; n++) {
    foldOthers(made, [aChange({ kind: "message.created" }), aChange({ kind: "conversation.updated" })]);
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(10_000);
  expect(asked.length).toBeGreaterThanOrEqual(5);
  expect(asked.length).toBeLessThanOrEqual(7);
  expect(asked.every((key) => key === keys.counts)).toBe(true);
});

it.each([
  ["labels.updated", keys.labels],
  ["agents.updated", keys.agents],
  ["subscription.disabled", keys.subscriptions],
])("%s leads to asking for what it names", (kind, key) => {
  const { made, asked } = client();
  foldOthers(made, [aChange({ kind })]);
  expect(asked).toContainEqual(key);
});

it("asks again for what shows a contact that changed, and for nothing else", () => {
  const made = new QueryClient();
  const contact = aContact({ id: anId(5) });
  const conversation = aConversation({ contact: { id: contact.id, name: "Old", username: null, phone: null } });
  const other = aConversation();
  made.setQueryData(keys.contact(contact.id), contact);
  made.setQueryData(keys.conversations({}), { pages: [{ items: [conversation], next: null }], pageParams: [null] });
  made.setQueryData(keys.conversations({ status: "pending" }), {
    pages: [{ items: [other], next: null }],
    pageParams: [null],
  });
  made.setQueryData(keys.conversation(conversation.id), conversation);
  made.setQueryData(keys.conversation(other.id), other);
  made.setQueryData(keys.counts, noCounts);
  foldOthers(made, [aChange({ kind: "contact.updated", contact_id: contact.id })]);
  const stale = made
    .getQueryCache()
    .findAll({ stale: true })
    .map((query) => query.queryKey);
  expect(stale).toHaveLength(3);
  expect(stale).toContainEqual(keys.contact(contact.id));
  expect(stale).toContainEqual(keys.conversations({}));
  expect(stale).toContainEqual(keys.conversation(conversation.id));
});
