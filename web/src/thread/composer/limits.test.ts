import { describe, expect, it } from "vitest";
import type { TextLimit } from "~/api/types";
import { countOf, fits, lengthIn, split } from "./limits";

describe("lengthIn", () => {
  const cases: [string, number, number, number][] = [
    // text, characters, UTF-16 units, bytes
    ["", 0, 0, 0],
    ["abc", 3, 3, 3],
    ["é", 1, 1, 2],
    ["€", 1, 1, 3],
    ["😀", 1, 2, 4],
    ["👩‍🚒", 3, 5, 11],
    ["日本", 2, 2, 6],
  ];
  it.each(cases)("counts %j as each platform does", (text, characters, utf16, bytes) => {
    expect(lengthIn("characters", text)).toBe(characters);
    expect(lengthIn("utf16", text)).toBe(utf16);
    expect(lengthIn("bytes", text)).toBe(bytes);
  });
});

describe("countOf", () => {
  const limit: TextLimit = { max: 10, unit: "characters" };
  it("says nothing below 80 %", () => expect(countOf(limit, "1234567")).toBeNull());
  it("counts from 80 % on", () => expect(countOf(limit, "12345678")).toEqual({ length: 8, max: 10, over: false }));
  it("is not over at exactly the limit", () => expect(countOf(limit, "1234567890")?.over).toBe(false));
  it("is over one beyond", () => expect(countOf(limit, "12345678901")?.over).toBe(true));
  it("has no counter without a limit", () => expect(countOf({ max: 0, unit: "bytes" }, "x")).toBeNull());
});

describe("split", () => {
  const ten: TextLimit = { max: 10, unit: "characters" };
  it("leaves what fits", () => expect(split(ten, "short")).toEqual(["short"]));
  it("divides at a pause in the second half", () => expect(split(ten, "one two three")).toEqual(["one two", "three"]));
  it("prefers the end of a sentence", () => expect(split(ten, "Yes, it. No way")).toEqual(["Yes, it.", "No way"]));
  it("divides where there is no pause", () => expect(split(ten, "abcdefghijklmnop")).toEqual(["abcdefghij", "klmnop"]));
  it("keeps whole what readers see as one character", () =>
    expect(split({ max: 4, unit: "characters" }, "ab👩‍🚒cd")).toEqual(["ab", "👩‍🚒c", "d"]));
  it("counts bytes on channels that do", () => {
    const limit: TextLimit = { max: 9, unit: "bytes" };
    const pieces = split(limit, "日本語の文章です");
    expect(pieces).toEqual(["日本語", "の文章", "です"]);
    expect(pieces.every((piece) => fits(limit, piece))).toBe(true);
  });
});
