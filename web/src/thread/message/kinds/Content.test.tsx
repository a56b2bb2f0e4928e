import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { aConversation, aMessage, noon } from "~/api/fake/objects";
import type { Attachment, Message, StoredFile } from "~/api/types";
import { renderWith } from "~/testing/render";
import { type Thread, ThreadContext } from "../../context";
import { Trouble } from "../Trouble";
import { Content } from "./Content";

const nothing = () => undefined;
const thread: Thread = {
  conversation: aConversation(),
  channel: undefined,
  me: undefined,
  seen: null,
  replyTo: nothing,
  react: nothing,
  jumpTo: nothing,
  fix: nothing,
  refresh: nothing,
};

function show(given: Partial<Message>, marked = false) {
  const message = aMessage({ text: "", ...given });
  const content = <Content message={message} album={[message]} marked={marked} />;
  renderWith(<ThreadContext value={thread}>{content}</ThreadContext>);
}

const said = (given: Partial<Message["content"]>) =>
  ({ direction: "in", type: "text", ...given }) as Message["content"];
const file = (given: Partial<StoredFile> = {}): StoredFile => ({
  id: "f",
  state: "stored",
  reason: null,
  url: "/files/f",
  url_expires_at: null,
  ...given,
});
const attached = (given: Partial<Attachment>) => ({
  attachments: [{ position: 0, file: file(), ...given } as Attachment],
});

describe("what each kind of message shows", () => {
  const cases: [string, Partial<Message>, string][] = [
    ["a text", { text: "Is it in stock?" }, "Is it in stock?"],
    ["a document, with its size", attached({ kind: "document", name: "Offer.pdf", bytes: 1_200_000 }), "Offer.pdf"],
    [
      "a place",
      attached({ kind: "location", place: { latitude: 1.5, longitude: 2.5, name: "Our shop" }, file: null }),
      "Our shop",
    ],
    [
      "a contact card",
      attached({ kind: "contact", card: { name: "Ana", phones: ["+34 600"] }, file: null }),
      "+34 600",
    ],
    [
      "a template whose words are known, with its name as a mark",
      {
        text: "It comes on Friday.",
        ...attached({ kind: "template", title: "delayed", link: null, file: null }),
      },
      "Template: delayed",
    ],
    ["a poll", attached({ kind: "poll", title: "When?", options: ["Monday", "Friday"], file: null }), "Friday"],
    ["a story mention", attached({ kind: "story_mention" }), "Mentioned you in a story"],
    ["a shared reel", attached({ kind: "reel", title: "Our garden" }), "Our garden"],
    ["dice", attached({ kind: "dice", emoji: "🎲", value: "4", file: null }), "4"],
    ["a sticker without a picture", attached({ kind: "sticker", emoji: "👍", file: null }), "Sticker 👍"],
    ["an order", { content: said({ order: { items: [{ product: "vase-7", quantity: "2" }] } }) }, "vase-7"],
    ["a choice", { content: said({ choice: { kind: "button", title: "Yes, please" } }) }, "Yes, please"],
    ["a form", { content: said({ choice: { kind: "flow", title: "Sent", data: '{"size":"XL"}' } }) }, "XL"],
    [
      "how the customer came",
      { text: "Hi", content: said({ referral: { source: "ad", headline: "Spring sale" } }) },
      "Spring sale",
    ],
    ["an answer to a story", { text: "Nice", content: said({ story: { id: "1" } }) }, "Nice"],
    ["what was forwarded", { text: "Hi", content: said({ forwarded: true }) }, "Forwarded"],
    ["what is not supported", { type: "unsupported" }, "Something that cannot be shown here"],
    ["a kind of tomorrow", attached({ kind: "hologram", file: null }), "hologram"],
  ];
  it.each(cases)("%s", (_, given, expected) => {
    show(given);
    expect(screen.getByText(expected)).toBeTruthy();
  });

  it("a voice message as a player that says how long it is", () => {
    show(attached({ kind: "voice", seconds: 42 }));
    expect(screen.getByRole("group", { name: "Voice message, 0:42" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Play" })).toBeTruthy();
  });
  it("images as buttons that open them, with how many more there are", () => {
    const images = Array.from(
      { length: 6 },
      (_, n) => ({ position: n, kind: "image", name: `${n}.jpg`, file: file({ id: `f${n}` }) }) as Attachment,
    );
    show({ attachments: images });
    expect(screen.getAllByRole("button")).toHaveLength(4);
    expect(screen.getByText("+2")).toBeTruthy();
  });
});

describe("a file that is not there", () => {
  const cases: [string, Partial<StoredFile>, string][] = [
    ["is waited for", { state: "waiting", url: null }, "Being fetched…"],
    [
      "is gone, with the reason",
      { state: "gone", url: null, reason: "The link has expired." },
      "The link has expired.",
    ],
    ["was refused", { state: "refused", url: null }, "This file was not fetched."],
    ["failed", { state: "failed", url: null }, "This file could not be fetched."],
  ];
  it.each(cases)("%s", (_, given, expected) => {
    show(attached({ kind: "document", name: "a.pdf", file: file(given) }));
    expect(screen.getByText(expected, { exact: false })).toBeTruthy();
    expect(screen.queryByRole("link")).toBeNull();
  });
});

describe("a message that failed", () => {
  const failed = (given: Partial<NonNullable<Message["error"]>>) => {
    const asked: string[] = [];
    const error = {
      code: "131047",
      reason: "The time for answers ended.",
      fix: "none",
      retryable: false,
      ...given,
    } as Message["error"];
    const message = aMessage({ direction: "out", status: "failed", error, at: noon });
    const fixing = { ...thread, fix: (_: Message, fix: string) => void asked.push(fix) };
    renderWith(
      <ThreadContext value={fixing}>
        <Trouble message={message} retrying={false} />
      </ThreadContext>,
    );
    return asked;
  };
  it("says why, and offers no second try where that would fail again", () => {
    failed({});
    expect(screen.getByText("The time for answers ended.")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
  });
  it("offers what helps", () => {
    const asked = failed({ fix: "template" });
    fireEvent.click(screen.getByRole("button", { name: "Send a template" }));
    expect(asked).toEqual(["template"]);
  });
  it("offers a second try where it may succeed", () => {
    const asked = failed({ fix: "retry", retryable: true });
    fireEvent.click(screen.getByRole("button", { name: "Send again" }));
    expect(asked).toEqual(["retry"]);
  });
});
