import { describe, expect, it } from "vitest";
import { aCannedReply, anId, aConversation } from "~/api/fake/objects";
import { fill, gapsIn, pieces, valuesFor } from "./fill";
import { findReplies } from "./find";
import { cannedToken, mentionToken, replaceToken } from "./token";

describe("the token at the cursor", () => {
  const cases: [string, string, string | null][] = [
    ["a slash at the start", "/", ""],
    ["letters after it", "/ref", "ref"],
    ["after a blank", "Hello /hi", "hi"],
    ["after a line break", "Hello\n/hi", "hi"],
    ["within a word", "and/or", null],
    ["an address", "https://example.org", null],
    ["a finished one", "/hi there", null],
  ];
  it.each(cases)("%s", (_, text, query) => expect(cannedToken(text, text.length)?.query ?? null).toBe(query));
  it("ends at the cursor, not at the end of the text", () => {
    expect(cannedToken("/hi and /bye", 3)).toEqual({ start: 0, end: 3, query: "hi" });
    expect(cannedToken("/hi and /bye", 6)).toBeNull();
  });
  it("is replaced, and leaves the rest alone", () => {
    const token = cannedToken("Dear /hi thanks", 8);
    expect(token && replaceToken("Dear /hi thanks", token, "Maria,")).toEqual({
      text: "Dear Maria, thanks",
      cursor: 11,
    });
  });
  it("names colleagues after an @, but not in an address", () => {
    expect(mentionToken("ask @be", 7)?.query).toBe("be");
    expect(mentionToken("me@be", 5)).toBeNull();
  });
});

describe("findReplies", () => {
  const replies = [
    aCannedReply({ shortcut: "refund", title: "Money back", text: "We return it." }),
    aCannedReply({ shortcut: "ref", title: "Reference", text: "Your reference is" }),
    aCannedReply({ shortcut: "hours", title: "Opening hours", text: "We open at nine.", uses: 3 }),
    aCannedReply({ shortcut: "hi", title: "Greeting", text: "Hello", channels: ["telegram"] }),
  ];
  const found = (query: string, channel = "whatsapp") => findReplies(replies, query, channel).map((r) => r.shortcut);
  it("puts the exact shortcut first", () => expect(found("ref")).toEqual(["ref", "refund"]));
  it("finds letters in their order", () => expect(found("rfd")).toEqual(["refund"]));
  it("finds titles and texts", () => {
    expect(found("money")).toEqual(["refund"]);
    expect(found("nine")).toEqual(["hours"]);
  });
  it("begins with what is used most", () => expect(found("")[0]).toBe("hours"));
  it("leaves out those of other channels", () => {
    expect(found("hi")).not.toContain("hi");
    expect(found("hi", "telegram")[0]).toBe("hi");
  });
  it("finds nothing where nothing fits", () => expect(found("zebra")).toEqual([]));
});

describe("filling", () => {
  const conversation = aConversation({
    contact: { id: anId(5), name: "Maria Lopez", username: null, phone: null },
    account_name: "Sales",
  });
  const values = valuesFor(conversation, { name: "Ada Lovelace" });
  it("puts in what is known", () =>
    expect(fill("Hello {{contact.first_name}}, {{ agent.name }} of {{account.name}} here.", values)).toBe(
      "Hello Maria, Ada Lovelace of Sales here.",
    ));
  it("leaves what is not, and names it", () => {
    const text = fill("Call {{contact.phone}} or {{order.id}}", values);
    expect(gapsIn(text)).toEqual(["{{contact.phone}}", "{{order.id}}"]);
    expect(pieces(text).filter((piece) => piece.gap)).toHaveLength(2);
  });
  it("knows nothing of a customer without a name", () => {
    const nobody = valuesFor(aConversation({ contact: null }), undefined);
    expect(gapsIn(fill("Hello {{contact.name}}", nobody))).toEqual(["{{contact.name}}"]);
  });
});
