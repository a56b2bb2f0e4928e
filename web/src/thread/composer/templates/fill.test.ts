import { describe, expect, it } from "vitest";
import type { TemplateDetail } from "~/api/types";
import { filled, gapsOf, isComplete, nothingEntered, obstacleOf, preview, withValue } from "./fill";

const order: TemplateDetail = {
  name: "order_shipped",
  language: "en_US",
  status: "approved",
  header: { text: "Order {{1}}", gaps: ["1"] },
  body: { text: "Hello {{1}}, it comes {{2}}.", gaps: ["1", "2"] },
  footer: "Sales",
  buttons: [
    { kind: "url", text: "Track", url: "https://example.org/t/{{1}}", gap: true },
    { kind: "quick_reply", text: "Thanks" },
  ],
};

function enter(template: TemplateDetail, values: string[]) {
  return gapsOf(template).reduce((entered, gap, n) => withValue(entered, gap, values[n] ?? ""), nothingEntered);
}

describe("the gaps of a template", () => {
  it("are those of header, body and buttons, in the order of reading", () =>
    expect(gapsOf(order).map(({ part, name }) => `${part} ${name}`)).toEqual([
      "header 1",
      "body 1",
      "body 2",
      "button 0",
    ]));
  it("leave out a header that is a file", () =>
    expect(gapsOf({ ...order, header: { text: "", file: "image" } }).map((gap) => gap.part)).not.toContain("header"));
});

describe("a filled template", () => {
  it("has every gap by its position", () => {
    const entered = enter(order, ["17", " Maria ", "today", "abc"]);
    expect(isComplete(order, entered)).toBe(true);
    expect(filled(order, entered)).toEqual({
      name: "order_shipped",
      language: "en_US",
      header: ["17"],
      body: ["Maria", "today"],
      buttons: [{ index: 0, kind: "url", value: "abc" }],
    });
  });
  it("has named gaps by their names", () => {
    const named: TemplateDetail = {
      name: "hello",
      language: "es",
      status: "approved",
      named: true,
      body: { text: "Hola {{name}}", gaps: ["name"] },
    };
    expect(filled(named, enter(named, ["María"]))).toEqual({ name: "hello", language: "es", named: { name: "María" } });
  });
  it("has nothing to fill where there is no gap", () => {
    const plain: TemplateDetail = { name: "a", language: "en", status: "approved", body: { text: "Hi" } };
    expect(isComplete(plain, nothingEntered)).toBe(true);
    expect(filled(plain, nothingEntered)).toEqual({ name: "a", language: "en" });
  });
  it("takes the file of its header with the kind that the template wants", () => {
    const picture: TemplateDetail = {
      ...order,
      header: { text: "", file: "image" },
      body: { text: "Hi" },
      buttons: [],
    };
    expect(isComplete(picture, nothingEntered)).toBe(false);
    const entered = { ...nothingEntered, file: { key: "k", name: "a.png", mime: "image/png", bytes: 3 } };
    expect(filled(picture, entered).header_file).toEqual({
      key: "k",
      name: "a.png",
      mime: "image/png",
      bytes: 3,
      kind: "image",
    });
  });
});

it.each([
  ["every gap", ["", "Maria", "today", "abc"]],
  ["a gap of blanks", ["17", "  ", "today", "abc"]],
  ["the gap of a button", ["17", "Maria", "today", ""]],
])("is not complete without %s", (_, values) => expect(isComplete(order, enter(order, values))).toBe(false));

it("previews what was entered and what is missing", () => {
  expect(preview(order.body, { "1": "Maria" })).toBe("Hello Maria, it comes {{2}}.");
});

describe("obstacleOf", () => {
  it("is none for an approved one", () => expect(obstacleOf(order)).toBeNull());
  it("is the platform's status", () =>
    expect(obstacleOf({ ...order, status: "paused" })).toEqual({ type: "status", status: "paused" }));
  it("is a part that we cannot fill", () =>
    expect(obstacleOf({ ...order, beyond: ["carousel"] })?.type).toBe("beyond"));
});
