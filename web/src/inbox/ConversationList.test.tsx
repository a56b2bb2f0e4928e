import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { aChange, aChannel, aConversation, aLabel, anAgent, anId } from "~/api/fake/objects";
import { createFakeServer, type FakeState, problem } from "~/api/fake/server";
import { foldChanges } from "~/api/realtime/folds";
import type { Conversation } from "~/api/types";
import { renderAt } from "~/testing/render";

afterEach(() => void vi.useRealTimers());

const me = { ...anAgent({ id: anId(2), name: "Ada Lovelace" }), preferences: {} };
const ben = anAgent({ id: anId(3), name: "Ben Okafor" });

/** Conversation n, the first the newest. */
function chat(n: number, given: Partial<Conversation> = {}): Conversation {
  const at = new Date(Date.parse("2026-11-30T12:00:00Z") - n * 60_000).toISOString();
  const contact = { id: anId(500 + n), name: `Customer ${n}`, username: null, phone: null };
  return aConversation({ id: anId(1000 + n), contact, assignee: me, last_message_at: at, updated_at: at, ...given });
}

const chats = (n: number) => Array.from({ length: n }, (_, index) => chat(index + 1));

async function open(address: string, given: Partial<FakeState>) {
  const server = createFakeServer({ me, agents: [me, ben], channels: [aChannel()], ...given });
  const page = renderAt(address, server);
  await screen.findByRole("main", { name: "Inbox" });
  return page;
}

const row = (n: number) => screen.findByRole("row", { name: new RegExp(`^Customer ${n},`) });
async function focusRow(n: number) {
  const found = await row(n);
  act(() => found.focus());
}
const names = () => screen.getAllByRole("row").map((each) => each.getAttribute("aria-label")?.split(",")[0]);
const press = (key: string, options = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...options });

describe("views", () => {
  it("shows the agent's own, newest first, with who, what, when and where", async () => {
    await open("/inbox/mine", { conversations: [chat(1), chat(2, { unread: 3 }), chat(3, { assignee: null })] });
    await row(1);
    expect(names()).toEqual(["Customer 1", "Customer 2"]);
    const second = (await row(2)).getAttribute("aria-label");
    expect(second).toContain("3 unread messages");
    expect(second).toContain("WhatsApp, Sales");
    expect(second).toContain("Is it in stock?");
    expect(second).toContain("Assigned to Ada Lovelace");
  });

  it("asks for what the address says", async () => {
    const { server } = await open(
      `/inbox/all?status=snoozed&channel=whatsapp&label=${anId(9)}&unread=true&sort=waiting&assignee=none`,
      {},
    );
    await screen.findByText("No conversation matches");
    const query = Object.fromEntries(server.called("GET", "/v1/conversations")[0]?.query ?? []);
    expect(query).toMatchObject({
      status: "snoozed",
      channel: "whatsapp",
      label: anId(9),
      unread: "true",
      sort: "waiting",
      assignee: "none",
    });
  });

  it("keeps the order that was chosen, in the address and for the next visit", async () => {
    const { server, router } = await open("/inbox/mine", { me: { ...me, preferences: { sort: "waiting" } } });
    const asked = () => server.called("GET", "/v1/conversations").map(({ query }) => query.get("sort"));
    await waitFor(() => expect(asked()).toEqual(["waiting"]));
    const trigger = await screen.findByRole("button", { name: "Order: Waiting longest" });
    fireEvent.keyDown(trigger, { key: "Enter" });
    fireEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Oldest first" }));
    await waitFor(() => expect(asked()).toEqual(["waiting", "oldest"]));
    expect(router.state.location.search).toEqual({ sort: "oldest" });
    await waitFor(() => expect(server.called("PATCH", "/v1/me")[0]?.body).toEqual({ preferences: { sort: "oldest" } }));
  });

  it("takes the order of the address before the one that is kept", async () => {
    const { server } = await open("/inbox/mine?sort=recent", { me: { ...me, preferences: { sort: "waiting" } } });
    await screen.findByRole("button", { name: "Order: Newest first" });
    expect(server.called("GET", "/v1/conversations").map(({ query }) => query.get("sort"))).toEqual([null]);
  });

  it("keeps filters in the address and clears them", async () => {
    const { router } = await open("/inbox/mine?unread=true", {});
    fireEvent.click(await screen.findByRole("button", { name: "Clear filters" }));
    await screen.findByText("Nothing is waiting for you");
    expect(router.state.location.search).toEqual({});
  });

  it("shows how many there are", async () => {
    const counts = {
      mine: 12,
      unassigned: 1000,
      all: 0,
      mine_unread: 2,
      unassigned_unread: 1,
      snoozed: 0,
      pending: 0,
      dead_letters: 0,
      capped: true,
    };
    await open("/inbox/mine", { counts });
    const views = await screen.findByRole("navigation", { name: "Views" });
    await waitFor(() => expect(within(views).getByRole("link", { name: "Mine 12" })).toBeDefined());
    expect(within(views).getByRole("link", { name: "Unassigned 1,000+" })).toBeDefined();
    await waitFor(() => expect(document.title).toBe("(3) Inbox · Omni"));
  });

  it("tells a failure from an empty list, and tries again", async () => {
    const server = createFakeServer({ me, agents: [me], conversations: [chat(1)] });
    let failing = true;
    server.on("GET /v1/conversations", () =>
      failing ? problem(500, "internal", "Something broke.") : { body: { items: [chat(1)], next: null } },
    );
    renderAt("/inbox/mine", server);
    expect(await screen.findByRole("alert")).toHaveProperty(
      "textContent",
      expect.stringContaining("could not be loaded"),
    );
    failing = false;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await row(1);
  });

  it("loads the next page when the end comes near", async () => {
    const { server } = await open("/inbox/mine", { conversations: chats(150) });
    await row(1);
    fireEvent.scroll(screen.getByRole("grid"), { target: { scrollTop: 72 * 95 } });
    await waitFor(() =>
      expect(server.called("GET", "/v1/conversations").map((call) => call.query.get("cursor"))).toEqual([null, "100"]),
    );
  });

  it("keeps few rows in the page, however many there are", async () => {
    await open("/inbox/mine", { conversations: chats(100) });
    await row(1);
    expect(screen.getAllByRole("row").length).toBeLessThan(40);
  });
});

describe("keys", () => {
  it("J and K open the next and the previous; the focus stays in the list", async () => {
    const { router } = await open("/inbox/mine", { conversations: chats(3) });
    await row(1);
    press("j");
    await waitFor(() => expect(router.state.location.pathname).toBe(`/inbox/mine/${anId(1001)}`));
    press("j");
    await waitFor(() => expect(router.state.location.pathname).toBe(`/inbox/mine/${anId(1002)}`));
    expect(document.activeElement).toBe(await row(2));
    press("k");
    await waitFor(() => expect(router.state.location.pathname).toBe(`/inbox/mine/${anId(1001)}`));
  });

  it("arrows move only the focus, Enter opens", async () => {
    const { router } = await open("/inbox/mine", { conversations: chats(3) });
    await focusRow(1);
    press("ArrowDown");
    press("ArrowDown");
    await waitFor(async () => expect(document.activeElement).toBe(await row(3)));
    expect(router.state.location.pathname).toBe("/inbox/mine");
    press("Enter");
    await waitFor(() => expect(router.state.location.pathname).toBe(`/inbox/mine/${anId(1003)}`));
  });

  it("one row takes Tab, and it is the one that had the focus", async () => {
    await open("/inbox/mine", { conversations: chats(3) });
    await focusRow(1);
    press("ArrowDown");
    await waitFor(() => expect(screen.getAllByRole("row").map((each) => each.tabIndex)).toEqual([-1, 0, -1]));
  });

  it("E resolves, opens the next one, and Z brings it back", async () => {
    const { router, server } = await open(`/inbox/mine/${anId(1001)}`, { conversations: chats(3) });
    await row(1);
    press("e");
    await waitFor(() => expect(router.state.location.pathname).toBe(`/inbox/mine/${anId(1002)}`));
    await waitFor(() => expect(names()).toEqual(["Customer 2", "Customer 3"]));
    expect(server.called("PATCH", `/v1/conversations/${anId(1001)}`)[0]?.body).toEqual({ status: "resolved" });
    await screen.findByText("Conversation resolved");
    press("z");
    await waitFor(() => expect(names()).toEqual(["Customer 1", "Customer 2", "Customer 3"]));
    await waitFor(() => expect(server.state.conversations[0]?.status).toBe("open"));
  });

  it("does nothing while somebody types, composes, or has switched the keys off", async () => {
    const { server } = await open(`/inbox/mine/${anId(1001)}`, { conversations: chats(2) });
    await row(1);
    const field = document.body.appendChild(document.createElement("textarea"));
    fireEvent.keyDown(field, { key: "e" });
    field.remove();
    press("e", { isComposing: true });
    press("e", { altKey: true });
    localStorage.setItem("omni.preferences", JSON.stringify({ keyboard: false }));
    press("e");
    expect(server.calls.filter((call) => call.method === "PATCH")).toEqual([]);
  });

  it("Escape leaves the conversation and comes back to its row", async () => {
    const { router } = await open(`/inbox/mine/${anId(1002)}?unread=true`, {
      conversations: chats(2).map((each) => ({ ...each, unread: 1 })),
    });
    await row(2);
    press("Escape");
    await waitFor(() => expect(router.state.location.href).toBe("/inbox/mine?unread=true"));
    await waitFor(async () => expect(document.activeElement).toBe(await row(2)));
  });

  it("A asks whom to assign to", async () => {
    const { server } = await open(`/inbox/mine/${anId(1001)}`, { conversations: chats(1) });
    await row(1);
    press("a");
    const field = await screen.findByRole("combobox", { name: "Find a colleague" });
    fireEvent.change(field, { target: { value: "okaf" } });
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(server.state.conversations[0]?.assignee?.name).toBe("Ben Okafor"));
    await screen.findByText("Assigned to Ben Okafor");
  });
});

describe("several at once", () => {
  it("selects by X and Space, changes all, and keeps those selected that failed", async () => {
    const { server } = await open("/inbox/mine", { conversations: chats(3) });
    const refused = problem(409, "conflict", "It was merged.")?.body;
    server.on("POST /v1/conversations/bulk", () => ({
      body: {
        results: [
          { id: anId(1001), ok: true },
          { id: anId(1002), ok: false, problem: refused },
        ],
      },
    }));
    await focusRow(1);
    press(" ");
    press("ArrowDown");
    press("x");
    await screen.findByRole("toolbar", { name: "With the selected conversations" });
    fireEvent.click(screen.getByRole("button", { name: "Resolve" }));
    await screen.findByText("The conversation could not be changed");
    expect(screen.getByText("It was merged.")).toBeDefined();
    await waitFor(() => expect(names()).toEqual(["Customer 2", "Customer 3"]));
    expect(server.called("POST", "/v1/conversations/bulk")[0]?.body).toEqual({
      ids: [anId(1001), anId(1002)],
      changes: { status: "resolved" },
    });
    expect((await row(2)).getAttribute("aria-selected")).toBe("true");
  });

  it("selects a range with Shift, and everything with Ctrl+A", async () => {
    await open("/inbox/mine", { conversations: chats(5) });
    await focusRow(2);
    fireEvent.click(within(await row(2)).getByRole("checkbox"));
    fireEvent.click(within(await row(4)).getByRole("link", { hidden: true }), { shiftKey: true });
    const selected = async (text: string) => within(await screen.findByRole("toolbar")).findByText(text);
    await selected("3 selected");
    fireEvent.keyDown(await row(2), { key: "a", ctrlKey: true });
    await selected("5 selected");
    fireEvent.keyDown(await row(2), { key: "Escape" });
    await waitFor(() => expect(screen.queryByRole("toolbar")).toBeNull());
  });

  it("takes a change back when the server refuses it", async () => {
    const { server } = await open("/inbox/mine", { conversations: chats(2) });
    let refuse = () => {};
    const asked = new Promise<void>((resolve) => (refuse = resolve));
    server.on("PATCH /v1/conversations/{id}", () =>
      asked.then(() => problem(503, "unavailable", "The database is away.")),
    );
    await focusRow(1);
    press("e");
    await waitFor(() => expect(names()).toEqual(["Customer 2"]));
    refuse();
    await screen.findByText("The database is away.", { exact: false });
    await waitFor(() => expect(names()).toEqual(["Customer 1", "Customer 2"]));
  });
});

describe("live", () => {
  it("brings what comes in to its place at once while nobody is at it", async () => {
    const { client } = await open("/inbox/mine", { conversations: chats(2) });
    await row(1);
    act(() =>
      foldChanges(client, [
        aChange({
          conversation: chat(2, {
            last_message_at: "2026-11-30T13:00:00.000Z",
            updated_at: "2026-11-30T13:00:00.000Z",
          }),
        }),
      ]),
    );
    await waitFor(() => expect(names()).toEqual(["Customer 2", "Customer 1"]));
  });

  it("holds the order under the pointer, says what is new, and lets it in when asked", async () => {
    const { client } = await open("/inbox/mine", { conversations: chats(3) });
    fireEvent.pointerMove(await row(2));
    const later = { last_message_at: "2026-11-30T13:00:00.000Z", updated_at: "2026-11-30T13:00:00.000Z" };
    act(() =>
      foldChanges(client, [
        aChange({ conversation: chat(9, later) }),
        aChange({ conversation: chat(3, { ...later, unread: 1 }) }),
      ]),
    );
    const pill = await screen.findByRole("button", { name: "1 new" });
    expect(names()).toEqual(["Customer 1", "Customer 2", "Customer 3"]);
    expect((await row(3)).getAttribute("aria-label")).toContain("1 unread message");
    fireEvent.click(pill);
    await waitFor(() => expect(names().toSorted()).toEqual(["Customer 1", "Customer 2", "Customer 3", "Customer 9"]));
  });

  it("lets go when the pointer leaves, and after a while of stillness", async () => {
    const { client } = await open("/inbox/mine", { conversations: chats(2) });
    const second = await row(2);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    fireEvent.pointerMove(second);
    act(() => foldChanges(client, [aChange({ conversation: chat(0) })]));
    expect(names()).toEqual(["Customer 1", "Customer 2"]);
    act(() => void vi.advanceTimersByTime(5_100));
    vi.useRealTimers();
    await waitFor(() => expect(names()).toEqual(["Customer 0", "Customer 1", "Customer 2"]));
  });

  it("a click opens the conversation that was shown, whatever came in meanwhile", async () => {
    const { client, router } = await open("/inbox/mine", { conversations: chats(3) });
    const target = within(await row(2)).getByRole("link", { hidden: true });
    fireEvent.pointerDown(target);
    act(() => foldChanges(client, [aChange({ conversation: chat(0) })]));
    fireEvent.click(target);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/inbox/mine/${anId(1002)}`));
  });

  it("shows labels, what failed, and the time that is left", async () => {
    const soon = new Date(Date.now() + 2 * 3_600_000 + 30_000).toISOString();
    await open("/inbox/mine", {
      conversations: [
        chat(1, {
          failed: true,
          labels: [aLabel({ name: "vip" }), aLabel({ name: "b" }), aLabel({ name: "c" })],
          window_expires_at: soon,
        }),
      ],
    });
    const one = within(await row(1));
    expect(one.getByText("Not sent:")).toBeDefined();
    expect(one.getByText("vip")).toBeDefined();
    expect(one.getByText("+1")).toBeDefined();
    expect(one.getByText("2h")).toBeDefined();
  });

  it("shows a draft in the row", async () => {
    localStorage.setItem(`omni.draft:${me.id}:${anId(1001)}:reply`, JSON.stringify({ text: "Hi Maria" }));
    await open("/inbox/mine", { conversations: chats(1) });
    expect(within(await row(1)).getByText("Draft:")).toBeDefined();
    expect(within(await row(1)).getByText("Hi Maria")).toBeDefined();
  });
});
