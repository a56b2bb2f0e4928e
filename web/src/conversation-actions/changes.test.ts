import { describe, expect, it } from "vitest";
import { aConversation, aLabel, anAgent } from "~/api/fake/objects";
import type { BulkChanges, Conversation } from "~/api/types";
import { applied, inverse } from "./changes";

const ada = anAgent({ name: "Ada" });
const ben = anAgent({ name: "Ben" });
const refund = aLabel({ name: "refund" });
const vip = aLabel({ name: "vip" });
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

const before = aConversation({ assignee: ada, labels: [refund], unread: 3 });

describe("a change and what undoes it", () => {
  const cases: {
    name: string;
    from?: Conversation;
    changes: BulkChanges;
    after: Partial<Conversation>;
    back: BulkChanges;
  }[] = [
    { name: "resolve", changes: { status: "resolved" }, after: { status: "resolved" }, back: { status: "open" } },
    {
      name: "snooze",
      changes: { status: "snoozed", snoozed_until: tomorrow },
      after: { status: "snoozed", snoozed_until: tomorrow },
      back: { status: "open" },
    },
    {
      name: "resolve a snoozed one",
      from: { ...before, status: "snoozed", snoozed_until: tomorrow },
      changes: { status: "resolved" },
      after: { status: "resolved", snoozed_until: null },
      back: { status: "snoozed", snoozed_until: tomorrow },
    },
    {
      name: "resolve one whose snooze is over",
      from: { ...before, status: "snoozed", snoozed_until: "2020-01-01T00:00:00.000Z" },
      changes: { status: "resolved" },
      after: { status: "resolved" },
      back: { status: "open" },
    },
    { name: "assign", changes: { assignee_id: ben.id }, after: { assignee: ben }, back: { assignee_id: ada.id } },
    { name: "unassign", changes: { assignee_id: null }, after: { assignee: null }, back: { assignee_id: ada.id } },
    { name: "read", changes: { read: true }, after: { unread: 0 }, back: { read: false } },
    {
      name: "add a label and one that is there",
      changes: { add_label_ids: [vip.id, refund.id] },
      after: { labels: [refund, vip] },
      back: { remove_label_ids: [vip.id] },
    },
    {
      name: "remove a label",
      changes: { remove_label_ids: [refund.id] },
      after: { labels: [] },
      back: { add_label_ids: [refund.id] },
    },
  ];
  it.each(cases)("$name", ({ from = before, changes, after, back }) => {
    const changed = applied(from, changes, [ada, ben], [refund, vip]);
    expect(changed).toMatchObject(after);
    expect(inverse(from, changes)).toEqual(back);
  });

  it("comes back to where it was", () => {
    const changes: BulkChanges = {
      status: "resolved",
      assignee_id: ben.id,
      add_label_ids: [vip.id],
      remove_label_ids: [refund.id],
    };
    const changed = applied(before, changes, [ada, ben], [refund, vip]);
    expect(applied(changed, inverse(before, changes), [ada, ben], [refund, vip])).toEqual(before);
  });
});
