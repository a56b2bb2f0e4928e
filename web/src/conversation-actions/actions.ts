import type { QueryClient } from "@tanstack/react-query";
import type { Api } from "~/api/client";
import { keys } from "~/api/keys";
import { putConversations } from "~/api/realtime/fold-conversations";
import type { Agent, BulkChanges, Conversation, Label } from "~/api/types";
import { dateTime } from "~/i18n/format";
import { applied, inverse } from "./changes";
import { knownConversations } from "./known";
import { type Outcome, sendChanges } from "./send";
import { t } from "./text";

/** What an agent can do with conversations, one or several: shown at once, taken back if the server refuses. */
export interface Actions {
  /** Gives the ids of those that could not be changed. */
  change(ids: string[], changes: BulkChanges): Promise<string[]>;
  resolve(ids: string[]): Promise<string[]>;
  reopen(ids: string[]): Promise<string[]>;
  snooze(ids: string[], until: Date): Promise<string[]>;
  assign(ids: string[], agent: string | null): Promise<string[]>;
  label(ids: string[], add: string[], remove: string[]): Promise<string[]>;
  mark(ids: string[], read: boolean): Promise<string[]>;
  /** Takes the last change back; false: there is none young enough. */
  undo(): boolean;
  /** Hears which conversations the agent is done with, resolved or snoozed, before they leave the list; and later which of them could not be. */
  onDone(listener: DoneListener): () => void;
  /** Whether the agent changed it themselves within the last milliseconds: nobody is alerted of what they do. */
  isOwn(id: string, within?: number): boolean;
}

export type DoneListener = (ids: string[], refused: Promise<string[]>) => void;

export interface ActionsOptions {
  api: Api;
  client: QueryClient;
  done(text: string): void;
  failed(error: unknown, text: string): void;
}

const undoFor = 10_000;
const justNow = 10_000;

interface Undo {
  before: Conversation[];
  changes: BulkChanges;
  until: number;
  /** Ends when the server has answered. */
  sent?: Promise<unknown>;
}

export function createActions({ api, client, done, failed }: ActionsOptions): Actions {
  const doneListeners = new Set<DoneListener>();
  const own = new Map<string, number>();
  let last: Undo | null = null;

  const show = (conversations: Conversation[], changes: (each: Conversation) => BulkChanges) => {
    const agents = client.getQueryData<Agent[]>(keys.agents) ?? [];
    const labels = client.getQueryData<Label[]>(keys.labels) ?? [];
    putConversations(
      client,
      conversations.map((each) => applied(each, changes(each), agents, labels)),
    );
  };

  const note = (ids: string[]) => ids.forEach((id) => own.set(id, Date.now()));

  const change = (ids: string[], changes: BulkChanges): Promise<string[]> => {
    const before = knownConversations(client, ids);
    note(ids);
    const mine: Undo = { before, changes, until: Date.now() + undoFor };
    last = mine; // at once: who takes it back before the server has answered means this one
    const refused = sendChanges(api, ids, changes).then((outcome) => settle(ids, mine, outcome));
    mine.sent = refused;
    if (changes.status === "resolved" || changes.status === "snoozed")
      doneListeners.forEach((listener) => listener(ids, refused));
    show(before, () => changes);
    return refused;
  };

  const settle = (ids: string[], mine: Undo, outcome: Outcome): string[] => {
    const { before, changes } = mine;
    const refused = new Set(outcome.failed.map((each) => each.id));
    putConversations(client, [...outcome.changed, ...before.filter((each) => refused.has(each.id))]);
    if (refused.size > 0) failed(outcome.failed[0]?.error, t("failed.change", { n: refused.size }));
    if (ids.length > refused.size) {
      mine.before = before.filter((each) => !refused.has(each.id));
      done(wordsFor(changes, ids.length - refused.size, client.getQueryData<Agent[]>(keys.agents) ?? []));
    } else if (last === mine) last = null;
    return [...refused];
  };

  const takeBack = async (mine: Undo) => {
    await mine.sent;
    const { before, changes } = mine;
    note(before.map((each) => each.id));
    putConversations(client, before);
    const outcomes = await Promise.all(groups(before, changes).map(([ids, back]) => sendChanges(api, ids, back)));
    const refused = outcomes.flatMap((outcome) => outcome.failed);
    if (refused.length === 0) return;
    failed(refused[0]?.error, t("failed.undo"));
    void client.invalidateQueries({ queryKey: keys.allConversations });
  };

  return {
    change,
    resolve: (ids) => change(ids, { status: "resolved" }),
    reopen: (ids) => change(ids, { status: "open" }),
    snooze: (ids, until) => change(ids, { status: "snoozed", snoozed_until: until.toISOString() }),
    assign: (ids, agent) => change(ids, { assignee_id: agent }),
    label: (ids, add, remove) => change(ids, { add_label_ids: add, remove_label_ids: remove }),
    mark: (ids, read) => change(ids, { read }),
    undo() {
      if (!last || last.until < Date.now()) return false;
      void takeBack(last);
      last = null;
      return true;
    },
    onDone(listener) {
      doneListeners.add(listener);
      return () => doneListeners.delete(listener);
    },
    isOwn: (id, within = justNow) => (own.get(id) ?? 0) + within > Date.now(),
  };
}

// Conversations that were alike before go back together, in one request.
function groups(before: Conversation[], changes: BulkChanges): [string[], BulkChanges][] {
  const alike = new Map<string, [string[], BulkChanges]>();
  for (const each of before) {
    const back = inverse(each, changes);
    if (Object.keys(back).length === 0) continue;
    const group = alike.get(JSON.stringify(back)) ?? [[], back];
    group[0].push(each.id);
    alike.set(JSON.stringify(back), group);
  }
  return [...alike.values()];
}

function wordsFor(changes: BulkChanges, n: number, agents: Agent[]): string {
  if (changes.status === "snoozed") return t("done.snoozed", { n, until: dateTime(changes.snoozed_until ?? "") });
  if (changes.status) return t(`done.${changes.status}`, { n });
  if (changes.assignee_id === null) return t("done.unassigned", { n });
  if (changes.assignee_id)
    return t("done.assigned", { n, name: agents.find((each) => each.id === changes.assignee_id)?.name ?? "" });
  if (changes.read !== undefined) return t(changes.read ? "done.read" : "done.unread", { n });
  return t("done.labeled", { n });
}
