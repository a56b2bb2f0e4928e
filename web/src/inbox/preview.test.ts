import { describe, expect, it } from "vitest";
import { aConversation, noon } from "~/api/fake/objects";
import type { LastMessage } from "~/api/types";
import { messagePreview, windowState } from "./preview";

const last = (given: Partial<LastMessage>): LastMessage => ({
  id: "1",
  direction: "in",
  type: "text",
  text: "Hello",
  status: null,
  at: noon,
  deleted: false,
  author: null,
  ...given,
});

describe("messagePreview", () => {
  const cases: [string, LastMessage | null, string | null, string][] = [
    ["a text", last({}), null, "Hello"],
    ["a text of several lines", last({ text: " one\n two " }), null, "one two"],
    ["a photo without a caption", last({ type: "image", text: "" }), null, "Photo"],
    ["a kind of tomorrow", last({ type: "hologram", text: "" }), null, "Message"],
    ["an answer of a colleague", last({ direction: "out", author: "Ben" }), "Ben:", "Hello"],
    ["an answer by another tool", last({ direction: "out" }), "You:", "Hello"],
    ["one that was taken back", last({ deleted: true }), null, "Message deleted"],
    ["nothing", null, null, "No messages yet"],
  ];
  it.each(cases)("%s", (_, message, who, text) => expect(messagePreview(message)).toEqual({ who, text }));
});

describe("windowState", () => {
  const now = Date.parse(noon);
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  const of = (given: Parameters<typeof aConversation>[0]) => windowState(aConversation(given), now);

  it("speaks up in the last four hours", () => {
    expect(of({ window_expires_at: at(5) })).toBeNull();
    expect(of({ window_expires_at: at(3.9) })).toBe("soon");
  });

  it("says that it is closed only while the customer waits", () => {
    expect(of({ window_expires_at: at(-1), waiting_since: at(-30) })).toBe("closed");
    expect(of({ window_expires_at: at(-1), waiting_since: null })).toBeNull();
  });

  it("says nothing where there is no limit, or nothing left to do", () => {
    expect(of({ window_expires_at: null })).toBeNull();
    expect(of({ window_expires_at: at(1), status: "resolved" })).toBeNull();
  });
});
