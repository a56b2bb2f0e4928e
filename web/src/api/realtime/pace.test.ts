import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createPace } from "./pace";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("acts at once, and again when the pause is over if that was wanted meanwhile", () => {
  const act = vi.fn();
  const pace = createPace(act, () => 200);
  for (let n = 0; n < 5; n++) pace.ask();
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(199);
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1_000);
  expect(act).toHaveBeenCalledTimes(2);
  pace.ask();
  expect(act).toHaveBeenCalledTimes(3);
});

it("forgets what was wanted when it is stopped", () => {
  const act = vi.fn();
  const pace = createPace(act, () => 200);
  pace.ask();
  pace.ask();
  pace.stop();
  vi.advanceTimersByTime(1_000);
  expect(act).toHaveBeenCalledTimes(1);
});
