// The pane is loaded when it is first needed; a test must not wait for that.
import "./ConversationPane";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { aChannel, aConversation, aMessage, anAgent, anId, aNote } from "~/api/fake/objects";
import { createFakeServer, type FakeState, problem } from "~/api/fake/server";
import type { Message, NewMessage, TimelineItem } from "~/api/types";
import { renderAt } from "~/testing/render";

const id = anId(10);
const telegram = { window_seconds: null, name: "telegram", title: "Telegram" };
const message = (given: Partial<Message>): TimelineItem => ({
  type: "message",
  message: aMessage({ conversation: id, ...given }),
});

/** A conversation on Telegram, which sets no time for answers, opened in the whole dashboard. */
function open(items: TimelineItem[] = [message({ text: "Is it in stock?" })], given: Partial<FakeState> = {}) {
  const server = createFakeServer({
    channels: [aChannel(telegram)],
    conversations: [aConversation({ id, channel: "telegram" })],
    timelines: { [id]: items },
    ...given,
  });
  let sent = 0;
  server.on("POST /v1/conversations/{id}/messages", ({ body }) => {
    const { text = "" } = body as NewMessage;
    return {
      status: 202,
      body: {
        messages: [
          aMessage({
            id: anId(500 + sent++),
            conversation: id,
            direction: "out",
            status: "queued",
            text,
            author: { id: anId(2), name: "Ada" },
          }),
        ],
      },
    };
  });
  server.on("POST /v1/conversations/{id}/notes", ({ body }) => ({
    status: 201,
    body: aNote({ conversation: id, ...(body as object) }),
  }));
  return renderAt(`/inbox/all/${id}`, server);
}

const slow = { timeout: 5_000 };
const editor = () => screen.findByRole("textbox", { name: "Reply to the customer" }, slow);
const type = (element: HTMLElement, text: string) => fireEvent.change(element, { target: { value: text } });
const sentTo = (server: ReturnType<typeof createFakeServer>) =>
  server.called("POST", `/v1/conversations/${id}/messages`);

describe("a conversation", () => {
  it("shows its messages as the articles of a feed, each named by who, when and what", async () => {
    open([
      message({ direction: "out", text: "Yes, two left.", status: "read", author: { id: anId(2), name: "Ada" } }),
      message({ text: "Is it in stock?" }),
    ]);
    const feed = await screen.findByRole("feed", {}, slow);
    const articles = within(feed).getAllByRole("article");
    expect(articles.map((article) => article.getAttribute("aria-label"))).toEqual([
      expect.stringMatching(/^Maria Lopez, .*: Is it in stock\?$/),
      expect.stringMatching(/^Ada, .*: Yes, two left\. \(Read\)$/),
    ]);
  });

  it("says that it does not exist", async () => {
    open([], { conversations: [] });
    expect(await screen.findByText("This conversation does not exist", {}, slow)).toBeTruthy();
  });

  it("sends what is written, once, and empties the editor", async () => {
    const { server } = open();
    const area = await editor();
    type(area, "Yes, two left.");
    fireEvent.keyDown(area, { key: "Enter" });
    fireEvent.keyDown(area, { key: "Enter" });
    await waitFor(() => expect(sentTo(server)).toHaveLength(1), slow);
    expect(sentTo(server)[0]?.body).toEqual({ text: "Yes, two left." });
    expect(sentTo(server)[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{36}$/);
    expect((area as HTMLTextAreaElement).value).toBe("");
    await waitFor(() => expect(screen.getAllByText("Yes, two left.")).toHaveLength(1), slow);
  });

  it("does not send the Enter that confirms an input method's text", async () => {
    const { server } = open();
    const area = await editor();
    type(area, "にほ");
    fireEvent.keyDown(area, { key: "Enter", isComposing: true });
    fireEvent.keyDown(area, { key: "Enter", keyCode: 229 });
    expect(sentTo(server)).toHaveLength(0);
    expect((area as HTMLTextAreaElement).value).toBe("にほ");
  });

  it("keeps what is written for the next visit", async () => {
    const first = open();
    type(await editor(), "half a sent");
    first.unmount();
    open();
    await waitFor(async () => expect(((await editor()) as HTMLTextAreaElement).value).toBe("half a sent"), slow);
  });

  it("shows what the server refuses with its reason, and gives the text back to edit", async () => {
    const { server } = open();
    server.on("POST /v1/conversations/{id}/messages", () =>
      problem(422, "window_closed", "The time for answers ended."),
    );
    const area = await editor();
    type(area, "Too late");
    fireEvent.keyDown(area, { key: "Enter" });
    expect(await screen.findByText("The time for answers ended.", {}, slow)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Take back and edit" }));
    await waitFor(async () => expect(((await editor()) as HTMLTextAreaElement).value).toBe("Too late"), slow);
    expect(sentTo(server)).toHaveLength(1);
  });

  it("asks before it sends what a colleague has answered meanwhile", async () => {
    const ben = anAgent({ id: anId(3), name: "Ben" });
    const { server, client } = open();
    type(await editor(), "We have two.");
    const { putItems } = await import("./timeline/fold");
    putItems(client, id, [
      message({
        id: anId(77),
        direction: "out",
        text: "Two left!",
        status: "sent",
        author: ben,
        at: "2026-11-30T12:01:00.000Z",
      }),
    ]);
    await screen.findByText("Two left!", {}, slow);
    fireEvent.keyDown(await editor(), { key: "Enter" });
    const dialog = await screen.findByRole("dialog", { name: "Ben answered while you were writing" }, slow);
    expect(sentTo(server)).toHaveLength(0);
    fireEvent.click(within(dialog).getByRole("button", { name: "Send mine as well" }));
    await waitFor(() => expect(sentTo(server)).toHaveLength(1), slow);
  });
});

describe("a note", () => {
  it("goes to colleagues only, and the mode stays", async () => {
    const { server } = open();
    await editor();
    fireEvent.click(screen.getByRole("button", { name: "Note" }));
    const area = await screen.findByRole("textbox", { name: "Note for colleagues" }, slow);
    type(area, "Price checked");
    fireEvent.keyDown(area, { key: "Enter" });
    await waitFor(() => expect(server.called("POST", `/v1/conversations/${id}/notes`)).toHaveLength(1), slow);
    expect(sentTo(server)).toHaveLength(0);
    expect(await screen.findByText("Price checked", {}, slow)).toBeTruthy();
    expect(screen.getByRole("textbox", { name: "Note for colleagues" })).toBeTruthy();
  });
});
