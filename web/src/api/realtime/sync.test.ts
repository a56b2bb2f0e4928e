import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeWebSocket } from "~/testing/sockets";
import { aChange, anId } from "../fake/objects";
import { Unreachable } from "../problem";
import type { FeedChange, FeedPage } from "../types";
import { createSync, type Sync } from "./sync";

/** A server whose feed is a list: cursors count its changes. */
function server() {
  const changes: FeedChange[] = [];
  const state = { down: false, tickets: 0, reads: 0 };
  const readFeed = (after: string | null): Promise<FeedPage> => {
    state.reads += 1;
    if (state.down) return Promise.reject(new Unreachable("down"));
    const from = after === null ? changes.length : Number(after);
    return Promise.resolve({ changes: changes.slice(from), next: String(changes.length), more: false, pending: false });
  };
  const socketUrl = () => {
    state.tickets += 1;
    return state.down ? Promise.reject(new Unreachable("down")) : Promise.resolve(`wss://x/?ticket=${state.tickets}`);
  };
  return { changes, state, readFeed, socketUrl };
}

let sync: Sync;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  sync.stop();
  vi.useRealTimers();
});

async function started() {
  const fake = server();
  const seen: string[] = [];
  const onExpired = vi.fn();
  sync = createSync({
    ...fake,
    onExpired,
    onChanges: (changes) => seen.push(...changes.map((change) => change.cursor)),
  });
  await sync.start();
  await vi.advanceTimersByTimeAsync(0);
  return { ...fake, seen, onExpired };
}

it("reads when told to, and looks once more after it connected", async () => {
  const { changes, state, seen } = await started();
  FakeWebSocket.last().open();
  await vi.advanceTimersByTimeAsync(50);
  expect(sync.connection()).toBe("online");
  changes.push(aChange({ cursor: "a" }));
  await vi.advanceTimersByTimeAsync(1_600);
  expect(seen).toEqual(["a"]);
  const reads = state.reads;
  changes.push(aChange({ cursor: "b" }));
  FakeWebSocket.last().receive({ type: "feed" });
  await vi.advanceTimersByTimeAsync(200);
  expect(seen).toEqual(["a", "b"]);
  expect(state.reads).toBe(reads + 1);
});

it("reads every half minute, should a push get lost", async () => {
  const { changes, seen } = await started();
  FakeWebSocket.last().open();
  await vi.advanceTimersByTimeAsync(2_000);
  changes.push(aChange({ cursor: "a" }));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(seen).toEqual(["a"]);
});

it("misses nothing while the socket is away, and gets a new ticket for each", async () => {
  const { changes, state, seen } = await started();
  FakeWebSocket.last().open();
  await vi.advanceTimersByTimeAsync(2_000);
  for (const cursor of ["a", "b", "c", "d"]) {
    FakeWebSocket.last().close();
    changes.push(aChange({ cursor }));
    await vi.advanceTimersByTimeAsync(3_000);
    FakeWebSocket.last().open();
    await vi.advanceTimersByTimeAsync(2_000);
  }
  expect(seen).toEqual(["a", "b", "c", "d"]);
  expect(state.tickets).toBe(5);
  expect(new Set(FakeWebSocket.all.map((socket) => socket.url)).size).toBe(5);
});

it("says that the server is away, and that it is back", async () => {
  const { state } = await started();
  FakeWebSocket.last().open();
  await vi.advanceTimersByTimeAsync(2_000);
  state.down = true;
  FakeWebSocket.last().close();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sync.connection()).toBe("offline");
  state.down = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sync.connection()).toBe("catching up");
  FakeWebSocket.last().open();
  await vi.advanceTimersByTimeAsync(100);
  expect(sync.connection()).toBe("online");
});

it("does not wait for the next attempt when the network is back", async () => {
  const { state } = await started();
  state.down = true;
  FakeWebSocket.last().close();
  await vi.advanceTimersByTimeAsync(120_000);
  state.down = false;
  const tickets = state.tickets;
  dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(10);
  expect(state.tickets).toBe(tickets + 1);
});

it("takes a socket that answers no ping for dead", async () => {
  await started();
  const socket = FakeWebSocket.last();
  socket.open();
  await vi.advanceTimersByTimeAsync(61_000);
  expect(socket.sent).toEqual(['{"type":"ping"}', '{"type":"ping"}']);
  socket.receive({ type: "pong" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(socket.readyState).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(socket.readyState).toBe(3);
});

it("forgets who types or looks when nothing more is heard, and when they leave", async () => {
  await started();
  const socket = FakeWebSocket.last();
  socket.open();
  const conversation = anId(10);
  const frame = (state: string) => ({ type: "presence", conversation, agent: { id: anId(3), name: "Ben" }, state });
  const states = () => sync.presences.of(conversation).map((presence) => presence.state);
  socket.receive(frame("typing"));
  expect(states()).toEqual(["typing"]);
  await vi.advanceTimersByTimeAsync(6_100);
  expect(states()).toEqual(["viewing"]);
  socket.receive(frame("left"));
  expect(states()).toEqual([]);
  socket.receive(frame("viewing"));
  await vi.advanceTimersByTimeAsync(30_000);
  socket.receive({ type: "pong" });
  await vi.advanceTimersByTimeAsync(46_000);
  expect(states()).toEqual([]);
});

it("is not disturbed by what it does not understand", async () => {
  const { seen } = await started();
  const socket = FakeWebSocket.last();
  socket.open();
  socket.receive({ type: "tomorrow" });
  socket.receive(null);
  socket.dispatchEvent(new MessageEvent("message", { data: "no json" }));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(seen).toEqual([]);
  expect(sync.connection()).toBe("online");
});
