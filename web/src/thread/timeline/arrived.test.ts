import { expect, it } from "vitest";
import { aMessage } from "~/api/fake/objects";
import { lastArrived } from "./arrived";

it("is the message that came in last, not the one with the latest time", () => {
  const late = aMessage({ seq: 9, at: "2026-11-01T08:00:00.000Z" });
  const shown = aMessage({ seq: 7, at: "2026-11-01T09:00:00.000Z" });
  expect(lastArrived([shown, late].map((message) => ({ type: "message", message })))).toBe(late.id);
  expect(lastArrived([])).toBeNull();
});
