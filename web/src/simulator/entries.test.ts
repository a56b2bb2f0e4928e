import { describe, expect, it } from "vitest";
import type { Entry } from "./backend";
import { merged, shown } from "./entries";

const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  id,
  seq: 1,
  position: 1,
  at: "2026-11-30T10:00:00Z",
  from: "customer",
  kind: "text",
  text: id,
  content: null,
  message_id: `platform-${id}`,
  target: null,
  state: "sent",
  times: 1,
  ...more,
});

describe("merged", () => {
  it("keeps what is newest of each entry, in the order of the chat", () => {
    const known = [entry("b", { seq: 2, position: 2 }), entry("c", { seq: 3, position: 3, state: "taken" })];
    const news = [entry("c", { seq: 5, position: 3, state: "read" }), entry("a", { seq: 4, position: 1 })];
    expect(merged(known, news).map((one) => `${one.id} ${one.state}`)).toEqual(["a sent", "b sent", "c read"]);
  });

  it("does not go back when an older answer comes late", () => {
    const known = [entry("a", { seq: 7, state: "read" })];
    expect(merged(known, [entry("a", { seq: 3, state: "taken" })])[0]?.state).toBe("read");
  });
});

describe("shown", () => {
  it("folds reactions, edits and deletions into their message", () => {
    const messages = shown([
      entry("one", { from: "us" }),
      entry("two"),
      entry("thumb", { kind: "message_reaction", text: "👍", target: "one" }),
      entry("new words", { kind: "edited_message", target: "two" }),
      entry("gone", { kind: "revoke", target: "two" }),
    ]);
    expect(messages.map((message) => message.entry.id)).toEqual(["one", "two"]);
    expect(messages[0]?.reactions).toEqual([{ emoji: "👍", by: "customer" }]);
    expect(messages[1]).toMatchObject({ text: "new words", edited: true, deleted: true });
  });

  it.each(["reaction_removed", "unreact", "message_reaction_removed"])("takes a reaction back on %s", (kind) => {
    const messages = shown([
      entry("one"),
      entry("r1", { kind: "reaction", text: "❤️", target: "one" }),
      entry("r2", { kind, text: "", target: "one" }),
    ]);
    expect(messages[0]?.reactions).toEqual([]);
  });

  it("finds the target of our reaction by the platform's id", () => {
    const ours = entry("r", {
      from: "us",
      kind: "reaction",
      content: { reaction: { target: "platform-one", emoji: "🙏" } },
    });
    expect(shown([entry("one"), ours])).toMatchObject([{ reactions: [{ emoji: "🙏", by: "us" }] }]);
  });

  it("shows a reply as a message that quotes", () => {
    const messages = shown([
      entry("question", { from: "us" }),
      entry("answer", { kind: "text_reply", target: "question" }),
    ]);
    expect(messages[1]?.quoted?.id).toBe("question");
  });
});
