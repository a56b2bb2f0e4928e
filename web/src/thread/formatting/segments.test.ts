import { describe, expect, it } from "vitest";
import type { Span } from "~/api/types";
import { isEmojiOnly, segmentsOf, type Segment } from "./segments";

/** Writes segments as a line: styles before the text, the link after it. */
function written(segments: Segment[]): string[] {
  return segments.map(
    ({ text, styles, href }) => [...styles, ...(styles.size ? [":"] : []), text].join("") + (href ? ` → ${href}` : ""),
  );
}

describe("formatting that the platform tells apart", () => {
  it("counts code points, not UTF-16 units", () => {
    const spans: Span[] = [{ type: "bold", offset: 2, length: 4 }];
    expect(written(segmentsOf("😀 bold 😀", spans, false))).toEqual(["😀 ", "bold:bold", " 😀"]);
  });
  it("nests", () => {
    const spans: Span[] = [
      { type: "bold", offset: 0, length: 7 },
      { type: "italic", offset: 4, length: 3 },
    ];
    expect(written(segmentsOf("big bad wolf", spans, false))).toEqual(["bold:big ", "bolditalic:bad", " wolf"]);
  });
  it("takes the address of a link from the span", () => {
    const spans: Span[] = [{ type: "link", offset: 4, length: 4, url: "https://example.org/a" }];
    expect(written(segmentsOf("see this", spans, false))).toEqual(["see ", "this → https://example.org/a"]);
  });
  it("never links to a script", () => {
    const spans: Span[] = [{ type: "link", offset: 0, length: 5, url: "javascript:alert(1)" }];
    const [segment] = segmentsOf("click", spans, false);
    expect(segment?.href).toBeUndefined();
  });
  it("cuts what reaches beyond the text", () => {
    const spans: Span[] = [{ type: "bold", offset: 2, length: 40 }];
    expect(written(segmentsOf("ab cd", spans, false))).toEqual(["ab", "bold: cd"]);
  });
  it("leaves types without a look of their own as text", () => {
    const spans: Span[] = [{ type: "custom_emoji", offset: 0, length: 1 }];
    expect(written(segmentsOf("x y", spans, false))).toEqual(["x y"]);
  });
});

describe("WhatsApp's marks", () => {
  const cases: [string, string[]][] = [
    ["*bold* and _italic_", ["bold:bold", " and ", "italic:italic"]],
    ["~no~ `x*y*z`", ["strikethrough:no", " ", "code:x*y*z"]],
    ["```a\nb```", ["pre:a\nb"]],
    ["*_both_*", ["bolditalic:both"]],
    ["2 * 3 * 4", ["2 * 3 * 4"]],
    ["snake_case_name", ["snake_case_name"]],
    ["a*b*c", ["a*b*c"]],
    ["*open", ["*open"]],
    ["https://example.org/a_b_c", ["https://example.org/a_b_c → https://example.org/a_b_c"]],
  ];
  it.each(cases)("%j", (text, expected) => expect(written(segmentsOf(text, undefined, true))).toEqual(expected));
  it("means nothing on other channels", () =>
    expect(written(segmentsOf("*bold*", undefined, false))).toEqual(["*bold*"]));
});

describe("links", () => {
  const cases: [string, string[]][] = [
    ["see https://example.org.", ["see ", "https://example.org → https://example.org", "."]],
    ["(https://example.org/a_(b))", ["(", "https://example.org/a_(b) → https://example.org/a_(b)", ")"]],
    ["www.example.org!", ["www.example.org → https://www.example.org", "!"]],
    ["mail me@example.org now", ["mail ", "me@example.org → mailto:me@example.org", " now"]],
    ["call +34 600-123 456", ["call ", "+34 600-123 456 → tel:+34600123456"]],
    ["order 1234567890", ["order 1234567890"]],
    ["javascript:alert(1)", ["javascript:alert(1)"]],
  ];
  it.each(cases)("%j", (text, expected) => expect(written(segmentsOf(text, undefined, false))).toEqual(expected));
});

describe("isEmojiOnly", () => {
  it.each(["👍", "👩‍🚒 🇩🇪", "❤️", "1️⃣"])("%s is", (text) => expect(isEmojiOnly(text)).toBe(true));
  it.each(["ok 👍", "", "12", "#", "👍👍👍👍👍👍👍"])("%j is not", (text) => expect(isEmojiOnly(text)).toBe(false));
});
