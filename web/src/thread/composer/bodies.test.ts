import { describe, expect, it } from "vitest";
import { aChannel } from "~/api/fake/objects";
import { bodiesOf } from "./bodies";
import type { TrayFile } from "./files/tray";

const whatsapp = aChannel({
  sends: { caption: { max: 10, unit: "characters" }, captioned: ["image"], replies: true },
});

const file = (name: string, kind: string): TrayFile => ({
  id: name,
  file: new File(["abc"], name, { type: "image/png" }),
  kind,
  state: "ready",
  progress: 1,
  key: `outgoing/${name}`,
});

describe("bodiesOf", () => {
  it("is one message for a text", () =>
    expect(bodiesOf(whatsapp, { text: " Hello ", files: [] })).toEqual([{ text: "Hello" }]));
  it("puts the text under the first file that can have one", () => {
    const bodies = bodiesOf(whatsapp, { text: "Look", files: [file("a.pdf", "document"), file("b.png", "image")] });
    expect(bodies.map(({ text, file }) => [file?.name, text])).toEqual([
      ["a.pdf", undefined],
      ["b.png", "Look"],
    ]);
  });
  it("sends a text that is too long for a caption by itself, after the files", () => {
    const bodies = bodiesOf(whatsapp, { text: "Longer than that", files: [file("b.png", "image")] });
    expect(bodies.map(({ text, file }) => [file?.name, text])).toEqual([
      ["b.png", undefined],
      [undefined, "Longer than that"],
    ]);
  });
  it("answers with the first message only, and tags all", () => {
    const bodies = bodiesOf(whatsapp, {
      text: "Longer than that",
      files: [file("b.png", "image")],
      replyTo: "m",
      tag: "HUMAN_AGENT",
    });
    expect(bodies.map(({ reply_to, tag }) => [reply_to, tag])).toEqual([
      ["m", "HUMAN_AGENT"],
      [undefined, "HUMAN_AGENT"],
    ]);
  });
  it("names key, kind, type and size of a file", () =>
    expect(bodiesOf(whatsapp, { text: "", files: [file("b.png", "image")] })).toEqual([
      { file: { key: "outgoing/b.png", name: "b.png", mime: "image/png", kind: "image", bytes: 3 } },
    ]));
  it("is nothing for nothing", () => expect(bodiesOf(whatsapp, { text: "  ", files: [] })).toEqual([]));
});
