import { describe, expect, it } from "vitest";
import { localValue, snoozeTimes } from "./snooze-times";

const shown = (now: string) =>
  Object.fromEntries(snoozeTimes(new Date(now)).map(({ name, at }) => [name, localValue(at)]));

describe("snoozeTimes", () => {
  it("offers later today, tomorrow, next Monday and next week", () => {
    expect(shown("2026-11-26T10:20:00")).toEqual({
      later: "2026-11-26T13:00",
      tomorrow: "2026-11-27T09:00",
      monday: "2026-11-30T09:00",
      week: "2026-12-03T09:00",
    });
  });

  it("knows no later today in the evening", () => {
    expect(shown("2026-11-26T22:20:00")).not.toHaveProperty("later");
  });

  it("does not offer the same time twice", () => {
    expect(Object.keys(shown("2026-11-29T10:00:00"))).toEqual(["later", "tomorrow", "week"]);
    expect(Object.keys(shown("2026-11-30T10:00:00"))).toEqual(["later", "tomorrow", "monday"]);
  });
});
