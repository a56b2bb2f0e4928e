import type { Agent, BulkChanges, Conversation, Label } from "~/api/types";

/** How a conversation will look once the server has made the changes. */
export function applied(before: Conversation, changes: BulkChanges, agents: Agent[], labels: Label[]): Conversation {
  const after = { ...before };
  if (changes.status) {
    after.status = changes.status;
    after.snoozed_until = changes.status === "snoozed" ? (changes.snoozed_until ?? null) : null;
  }
  if (changes.assignee_id !== undefined)
    after.assignee = agents.find((agent) => agent.id === changes.assignee_id) ?? null;
  if (changes.read !== undefined) after.unread = changes.read ? 0 : Math.max(1, before.unread);
  const ids = labelIds(before, changes);
  after.labels = [...before.labels, ...labels].filter(
    (label, index, all) => ids.has(label.id) && all.findIndex((each) => each.id === label.id) === index,
  );
  return after;
}

function labelIds(before: Conversation, changes: BulkChanges): Set<string> {
  const ids = new Set(changes.label_ids ?? before.labels.map((label) => label.id));
  changes.add_label_ids?.forEach((id) => ids.add(id));
  changes.remove_label_ids?.forEach((id) => ids.delete(id));
  return ids;
}

/** What undoes the changes, and no more: what a colleague changed meanwhile stays. */
export function inverse(before: Conversation, changes: BulkChanges): BulkChanges {
  const back: BulkChanges = {};
  if (changes.status) Object.assign(back, statusOf(before));
  if (changes.assignee_id !== undefined) back.assignee_id = before.assignee?.id ?? null;
  if (changes.read !== undefined) back.read = before.unread === 0;
  const had = new Set(before.labels.map((label) => label.id));
  const has = labelIds(before, changes);
  const added = [...has].filter((id) => !had.has(id));
  const removed = [...had].filter((id) => !has.has(id));
  if (added.length > 0) back.remove_label_ids = added;
  if (removed.length > 0) back.add_label_ids = removed;
  return back;
}

function statusOf({ status, snoozed_until }: Conversation): BulkChanges {
  const over = status === "snoozed" && (snoozed_until === null || Date.parse(snoozed_until) <= Date.now());
  if (over) return { status: "open" };
  return status === "snoozed" && snoozed_until ? { status, snoozed_until } : { status };
}
