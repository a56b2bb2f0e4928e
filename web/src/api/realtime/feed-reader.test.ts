import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aChange } from "../fake/objects";
import { Problem, Unreachable } from "../problem";
import type { FeedChange, FeedPage } from "../types";
import { createFeedReader } from "./feed-reader";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const change = (cursor: string): FeedChange => aChange({ cursor });
const page = (given: Partial<FeedPage>): FeedPage => ({
  changes: [],
  next: "0",
  more: false,
  pending: false,
  ...given,
});
const expired = new Problem({ title: "Gone", status: 410, code: "feed_expired", detail: "Too old." });

/** A reader whose server answers as the test says, one answer after the other. */
function reader(answers: (FeedPage | Error)[]) {
  const asked: (string | null)[] = [];
  const seen: string[] = [];
  const states: { reached: boolean; behind: boolean }[] = [];
  const onExpired = vi.fn();
  const feed = createFeedReader({
    async read(after) {
      asked.push(after);
      await Promise.resolve();
      const answer = answers.shift();
      if (!answer) throw new Error("nobody expected this question");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onChanges: (changes) => seen.push(...changes.map((each) => each.cursor)),
    onExpired,
    onState: (state) => states.push(state),
  });
  return { feed, asked, seen, states, onExpired };
}

describe("the feed's reader", () => {
  it("begins at the present end, and moves only by reading", async () => {
    const { feed, asked, seen } = reader([
      page({ next: "5" }),
      page({ changes: [change("6"), change("7")], next: "7" }),
      page({ next: "7" }),
    ]);
    await feed.start();
    feed.ask();
    await vi.runAllTimersAsync();
    feed.ask();
    await vi.runAllTimersAsync();
    expect(asked).toEqual([null, "5", "7"]);
    expect(seen).toEqual(["6", "7"]);
  });

  it("has one read in flight and one waiting, however often it is asked", async () => {
    const { feed, asked } = reader([page({ next: "1" }), page({ next: "2" }), page({ next: "3" })]);
    await feed.start();
    for (let n = 0; n < 20; n++) feed.ask();
    await vi.runAllTimersAsync();
    expect(asked).toEqual([null, "1", "2"]);
  });

  it("reads on while there is more", async () => {
    const { feed, seen, states } = reader([
      page({ next: "0" }),
      page({ changes: [change("1")], next: "1", more: true }),
      page({ changes: [change("2")], next: "2" }),
    ]);
    await feed.start();
    feed.ask();
    await vi.runAllTimersAsync();
    expect(seen).toEqual(["1", "2"]);
    expect(states.map((state) => state.behind)).toEqual([false, true, false]);
  });

  it("asks again soon for a change that may not be shown yet", async () => {
    const { feed, seen } = reader([
      page({ next: "0" }),
      page({ next: "0", pending: true }),
      page({ changes: [change("1")], next: "1" }),
    ]);
    await feed.start();
    feed.ask();
    await vi.advanceTimersByTimeAsync(60);
    expect(seen).toEqual(["1"]);
  });

  it("comes back to the same place after failures, waiting longer each time", async () => {
    const { feed, asked, seen, states } = reader([
      page({ next: "5" }),
      new Unreachable("gone"),
      new Unreachable("gone"),
      page({ changes: [change("6")], next: "6" }),
    ]);
    await feed.start();
    feed.ask();
    await vi.advanceTimersByTimeAsync(500);
    expect(states.at(-1)).toEqual({ reached: false, behind: true });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toEqual([null, "5", "5", "5"]);
    expect(seen).toEqual(["6"]);
    expect(states.at(-1)).toEqual({ reached: true, behind: false });
  });

  it("starts anew from the end when its place is too old, and says that everything has to be loaded", async () => {
    const { feed, asked, onExpired } = reader([
      page({ next: "5" }),
      expired,
      page({ next: "900" }),
      page({ next: "900" }),
    ]);
    await feed.start();
    feed.ask();
    await vi.runAllTimersAsync();
    expect(onExpired).toHaveBeenCalledOnce();
    feed.ask();
    await vi.runAllTimersAsync();
    expect(asked).toEqual([null, "5", null, "900"]);
  });

  it("asks nothing once it was stopped", async () => {
    const { feed, asked } = reader([page({ next: "1" })]);
    await feed.start();
    feed.stop();
    feed.ask();
    await vi.runAllTimersAsync();
    expect(asked).toEqual([null]);
  });
});
