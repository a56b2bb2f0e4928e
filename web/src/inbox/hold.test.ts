import { describe, expect, it } from "vitest";
import { aConversation, anId } from "~/api/fake/objects";
import { hold } from "./hold";

const row = (n: number, given = {}) => aConversation({ id: anId(n), ...given });
const rows = (...ns: number[]) => ns.map((n) => row(n));
const numbers = (list: { id: string }[]) => list.map((each) => Number(each.id.slice(-12)));
const nothing = () => false;

describe("hold", () => {
  it("keeps the order, counts what is new, and shows each row as it is now", () => {
    const now = [row(4), row(3, { unread: 2 }), row(1), row(2)];
    const held = hold(rows(1, 2, 3), now, nothing);
    expect(numbers(held.rows)).toEqual([1, 2, 3]);
    expect(held.rows[2]?.unread).toBe(2);
    expect(held.news).toBe(1);
  });

  it("lets rows stay that left by somebody else's doing, and go by one's own", () => {
    expect(numbers(hold(rows(1, 2, 3), rows(1, 3), nothing).rows)).toEqual([1, 2, 3]);
    expect(numbers(hold(rows(1, 2, 3), rows(1, 3), (id) => id === anId(2)).rows)).toEqual([1, 3]);
  });

  it("adds what was loaded behind the last row", () => {
    const held = hold(rows(1, 2), rows(9, 1, 2, 3, 4), nothing);
    expect(numbers(held.rows)).toEqual([1, 2, 3, 4]);
    expect(held.news).toBe(1);
  });

  it("shows everything where there was nothing", () => {
    expect(numbers(hold([], rows(1, 2), nothing).rows)).toEqual([1, 2]);
    expect(hold([], rows(1), nothing).news).toBe(0);
  });
});
