import { describe, expect, it } from "vitest";
import { aChannel } from "~/api/fake/objects";
import { checkFile } from "./check-file";

const whatsapp = aChannel({
  media: [
    { kind: "image", max_bytes: 5_000, types: ["image/jpeg", "image/png"] },
    { kind: "video", max_bytes: 16_000, types: ["video/mp4"] },
    { kind: "document", max_bytes: 100_000, types: [] },
  ],
});
const instagram = aChannel({
  media: [
    { kind: "image", max_bytes: 8_000, types: ["image/png", "image/jpeg"] },
    { kind: "document", max_bytes: 25_000, types: ["application/pdf"] },
  ],
});

const file = (type: string, size: number) => ({ name: "a", type, size });

describe("checkFile", () => {
  it("sends an image as one", () =>
    expect(checkFile(whatsapp, file("image/png", 10))).toEqual({ ok: true, kind: "image" }));
  it("sends as a document what is too large for an image", () =>
    expect(checkFile(whatsapp, file("image/png", 6_000))).toEqual({ ok: true, kind: "document" }));
  it("sends as a document an image of a type that is none there", () =>
    expect(checkFile(whatsapp, file("image/webp", 10))).toEqual({ ok: true, kind: "document" }));
  it("reads the type without its parameters", () =>
    expect(checkFile(whatsapp, file("video/mp4; codecs=avc1", 10))).toEqual({ ok: true, kind: "video" }));
  it("says how large it may be", () =>
    expect(checkFile(instagram, file("image/png", 9_000))).toEqual({
      ok: false,
      why: "size",
      kind: "image",
      max: 8_000,
    }));
  it("names the types that are taken", () =>
    expect(checkFile(instagram, file("application/zip", 10))).toEqual({
      ok: false,
      why: "type",
      types: ["application/pdf"],
    }));
  it("refuses an empty file", () =>
    expect(checkFile(whatsapp, file("image/png", 0))).toEqual({ ok: false, why: "empty" }));
  it("knows a channel that takes no files", () =>
    expect(checkFile(aChannel({ media: [] }), file("image/png", 10))).toEqual({ ok: false, why: "none" }));
});
