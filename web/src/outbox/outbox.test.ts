import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aMessage } from "~/api/fake/objects";
import type { Entry } from "./entry";
import { MemoryStorage } from "~/browser/storage";
import { Outbox, type Answer } from "./outbox";

const HOUR = 60 * 60_000;

/** A server that answers what the test tells it to, and remembers what it was asked. */
function setup(storage: Storage = new MemoryStorage()) {
  const asked: Entry[] = [];
  const answers: (Answer | Error | Promise<Answer>)[] = [];
  const state = { online: true, now: Date.parse("2026-03-01T10:00:00Z") };
  const outbox = new Outbox({
    storage,
    agent: "ada",
    online: () => state.online,
    now: () => state.now,
    send: async (entry) => {
      asked.push(entry);
      const answer = answers.shift() ?? { type: "sent", messages: [aMessage({ id: `message of ${entry.key}` })] };
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { outbox, asked, answers, state, storage };
}

const say = (text: string) => ({ type: "message" as const, body: { text } });
const texts = (entries: readonly Entry[]) => entries.map((e) => (e.what.type === "message" ? e.what.body.text : ""));
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("an entry", () => {
  it("is shown at once and sent", async () => {
    const { outbox, asked } = setup();
    outbox.add("one", say("hello"));
    expect(outbox.entries("one").map((e) => e.state)).toEqual(["sending"]);
    await settled();
    expect(texts(asked)).toEqual(["hello"]);
    expect(outbox.entries("one").map((e) => e.state)).toEqual(["sent"]);
  });
  it("hands over its messages before it says that it is sent", async () => {
    const { outbox } = setup();
    const seen: unknown[] = [];
    outbox.onSent((conversation, messages) =>
      seen.push(conversation, messages.length, outbox.entries("one")[0]?.state),
    );
    outbox.add("one", say("hello"));
    await settled();
    expect(seen).toEqual(["one", 1, "sending"]);
  });
  it("goes away once its messages are shown, not before", async () => {
    const { outbox, storage } = setup();
    const entry = outbox.add("one", say("hello"));
    outbox.settle(entry.key);
    expect(outbox.entries("one")).toHaveLength(1);
    await settled();
    outbox.settle(entry.key);
    expect(outbox.entries("one")).toHaveLength(0);
    expect(storage.length).toBe(0);
  });
  it("keeps its key at every try", async () => {
    const { outbox, asked, answers } = setup();
    answers.push(new TypeError("network"), { type: "later" });
    const entry = outbox.add("one", say("hello"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.map((e) => e.key)).toEqual([entry.key, entry.key, entry.key]);
    expect(outbox.entries("one")[0]?.state).toBe("sent");
  });
  it("pauses longer after each failure", async () => {
    const { outbox, asked, answers } = setup();
    answers.push({ type: "later" }, { type: "later" }, { type: "later" });
    outbox.add("one", say("hello"));
    const tries: number[] = [];
    for (let second = 0; second <= 8; second++) {
      await vi.advanceTimersByTimeAsync(second === 0 ? 0 : 1_000);
      tries.push(asked.length);
    }
    expect(tries).toEqual([1, 2, 2, 3, 3, 3, 3, 4, 4]);
  });
  it("that the server refuses says why, and lets the next one go", async () => {
    const { outbox, answers, asked } = setup();
    const problem = { status: 422, code: "window_closed", detail: "Send a template." };
    answers.push({ type: "refused", problem });
    outbox.add("one", say("first"));
    outbox.add("one", say("second"));
    await settled();
    expect(outbox.entries("one").map((e) => e.state)).toEqual(["refused", "sent"]);
    expect(outbox.entries("one")[0]?.problem).toEqual(problem);
    expect(texts(asked)).toEqual(["first", "second"]);
  });
  it("can be taken back while it waits, and not while it is on its way", async () => {
    const { outbox, asked, state } = setup();
    state.online = false;
    const waiting = outbox.add("one", say("oops"));
    outbox.discard(waiting.key);
    expect(outbox.entries("one")).toHaveLength(0);
    await settled();
    state.online = true;
    const sending = outbox.add("one", say("gone"));
    outbox.discard(sending.key);
    await settled();
    expect(texts(asked)).toEqual(["gone"]);
  });
});

describe("offline", () => {
  it("waits, and sends once and in order when the browser is online again", async () => {
    const { outbox, asked, state } = setup();
    state.online = false;
    for (const text of ["one", "two", "three"]) outbox.add("c", say(text));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toHaveLength(0);
    state.online = true;
    outbox.wake();
    outbox.wake();
    await settled();
    expect(texts(asked)).toEqual(["one", "two", "three"]);
  });
  it("outlives a reload with its key", async () => {
    const storage = new MemoryStorage();
    const before = setup(storage);
    before.state.online = false;
    const entry = before.outbox.add("one", say("typed offline"));
    const after = setup(storage);
    after.outbox.wake();
    await settled();
    expect(after.asked.map((e) => e.key)).toEqual([entry.key]);
  });
  it("makes again an attempt that a reload cut off", async () => {
    const storage = new MemoryStorage();
    const before = setup(storage);
    before.answers.push(new Promise<Answer>(() => {}));
    const entry = before.outbox.add("one", say("cut off"));
    const after = setup(storage);
    expect(after.outbox.entries("one")[0]?.state).toBe("sending");
    after.outbox.wake();
    await settled();
    expect(after.asked.map((e) => e.key)).toEqual([entry.key]);
  });
  it("asks before it sends what waited for more than an hour", async () => {
    const storage = new MemoryStorage();
    const before = setup(storage);
    before.state.online = false;
    before.outbox.add("one", say("good morning"));
    const after = setup(storage);
    after.state.now += 2 * HOUR;
    after.outbox.wake();
    await settled();
    expect(after.asked).toHaveLength(0);
    const [entry] = after.outbox.entries("one");
    expect(entry?.state).toBe("stale");
    after.outbox.retry(entry?.key ?? "");
    await settled();
    expect(texts(after.asked)).toEqual(["good morning"]);
  });
});

describe("conversations", () => {
  it("do not wait for each other", async () => {
    const { outbox, asked, answers } = setup();
    answers.push(new Promise<Answer>(() => {}));
    outbox.add("slow", say("stuck"));
    outbox.add("quick", say("goes"));
    await settled();
    expect(texts(asked)).toEqual(["stuck", "goes"]);
    expect(outbox.entries("quick")[0]?.state).toBe("sent");
  });
  it("have one entry under way at a time", async () => {
    const { outbox, asked, answers } = setup();
    const slow: { answer?: (answer: Answer) => void } = {};
    answers.push(new Promise<Answer>((resolve) => (slow.answer = resolve)));
    outbox.add("one", say("first"));
    outbox.add("one", say("second"));
    await settled();
    expect(texts(asked)).toEqual(["first"]);
    slow.answer?.({ type: "sent", messages: [] });
    await settled();
    expect(texts(asked)).toEqual(["first", "second"]);
  });
});

describe("a turn that fails", () => {
  it("is taken again after a pause, and loses nothing", async () => {
    const asked: string[] = [];
    let broken = true;
    const outbox = new Outbox({
      storage: new MemoryStorage(),
      agent: "ada",
      online: () => true,
      exclusive: (_name, run) => (broken ? Promise.reject(new Error("no locks")) : run()),
      send: async (entry) => {
        asked.push(entry.key);
        return { type: "sent", messages: [] };
      },
    });
    const entry = outbox.add("c", say("hello"));
    await settled();
    expect(asked).toEqual([]);
    broken = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked).toEqual([entry.key]);
  });
});

describe("two tabs", () => {
  it("send an entry once, because only one of them has its turn", async () => {
    const storage = new MemoryStorage();
    let turn: Promise<void> = Promise.resolve();
    const exclusive = (_name: string, run: () => Promise<void>) => (turn = turn.then(run));
    const asked: string[] = [];
    const tab = () =>
      new Outbox({
        storage,
        agent: "ada",
        online: () => true,
        exclusive,
        send: async (entry) => {
          asked.push(entry.key);
          return { type: "sent", messages: [] };
        },
      });
    const one = tab();
    const other = tab();
    const entry = one.add("c", say("once"));
    other.changedElsewhere(null);
    other.wake();
    await settled();
    expect(asked).toEqual([entry.key]);
  });
});
