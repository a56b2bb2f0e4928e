import { describe, expect, it } from "vitest";
import { aChange, aConversation, aMessage, anAgent, noon } from "~/api/fake/objects";
import type { FeedChange } from "~/api/types";
import { defaults, type Preferences } from "../preferences";
import { type AlertContext, alertsOf } from "./alerts";

const me = anAgent();
const other = anAgent({ name: "Ben" });
const mine = aConversation({ assignee: me, last_message_at: "2026-11-30T08:00:00.000Z" });
const free = aConversation({ assignee: null });
const theirs = aConversation({ assignee: other });

const everything: Preferences = {
  ...defaults,
  notifyMine: true,
  notifyUnassigned: true,
  notifyOthers: true,
  notifyAssigned: true,
};

function context(given: Partial<AlertContext> = {}): AlertContext {
  return { me: me.id, preferences: everything, assigneeBefore: () => undefined, isOwn: () => false, ...given };
}

const written = (conversation: typeof mine, given = {}): FeedChange =>
  aChange({ kind: "message.created", conversation, message: aMessage({ conversation: conversation.id, ...given }) });

describe("messages", () => {
  it("are told of by whose conversation it is", () => {
    const changes = [written(mine), written(free), written(theirs)];
    const told = (preferences: Partial<Preferences>) =>
      alertsOf(changes, context({ preferences: { ...everything, ...preferences } })).map(
        (alert) => alert.conversation.id,
      );
    expect(told({})).toEqual([mine.id, free.id, theirs.id]);
    expect(told({ notifyMine: false })).toEqual([free.id, theirs.id]);
    expect(told({ notifyUnassigned: false })).toEqual([mine.id, theirs.id]);
    expect(told({ notifyOthers: false })).toEqual([mine.id, free.id]);
  });

  it("are not told of when we wrote them, when they are old, or when they only changed", () => {
    const quiet = [
      written(mine, { direction: "out" }),
      written(mine, { history: true }),
      { ...written(mine), kind: "message.updated" },
    ];
    expect(alertsOf(quiet, context())).toEqual([]);
  });

  it("are told of once", () => {
    const change = written(mine);
    expect(alertsOf([change, change], context())).toHaveLength(1);
  });
});

describe("assignments", () => {
  const given = aChange({ conversation: mine, at: noon });

  it("are told of when somebody else had it, or nobody", () => {
    for (const before of [other.id, null]) {
      expect(alertsOf([given], context({ assigneeBefore: () => before }))).toMatchObject([{ kind: "assigned" }]);
    }
  });

  it("are told of in a conversation that was not seen yet, unless a message brought it up", () => {
    expect(alertsOf([given], context())).toHaveLength(1);
    const broughtUp = aChange({ conversation: { ...mine, last_message_at: noon }, at: noon });
    expect(alertsOf([broughtUp], context())).toEqual([]);
  });

  it("are not told of to whoever made them, had it before, gave it away, or does not want to know", () => {
    expect(alertsOf([given], context({ isOwn: () => true }))).toEqual([]);
    expect(alertsOf([given], context({ assigneeBefore: () => me.id }))).toEqual([]);
    expect(alertsOf([aChange({ conversation: theirs })], context({ assigneeBefore: () => me.id }))).toEqual([]);
    expect(alertsOf([given], context({ preferences: { ...everything, notifyAssigned: false } }))).toEqual([]);
  });
});
