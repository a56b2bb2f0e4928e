import { describe, expect, it } from "vitest";
import { aChannel, aConversation } from "~/api/fake/objects";
import { windowOf } from "./window";

const now = Date.parse("2026-11-30T12:00:00Z");
const whatsapp = aChannel();
const telegram = aChannel({ name: "telegram", window_seconds: null });
const instagram = aChannel({
  name: "instagram",
  sends: { caption: { max: 0, unit: "bytes" }, templates: false },
  tag: { name: "HUMAN_AGENT", window_seconds: 604_800 },
});

describe("windowOf", () => {
  it("is open without an end where the channel has none", () =>
    expect(windowOf(aConversation(), telegram, now)).toEqual({ state: "open", until: null, soon: false }));
  it("is open until its end", () => {
    const until = "2026-12-01T10:00:00Z";
    expect(windowOf(aConversation({ window_expires_at: until }), whatsapp, now)).toEqual({
      state: "open",
      until,
      soon: false,
    });
  });
  it("closes soon in its last four hours", () => {
    const until = "2026-11-30T15:12:00Z";
    expect(windowOf(aConversation({ window_expires_at: until }), whatsapp, now)).toMatchObject({
      state: "open",
      soon: true,
    });
  });
  it("is closed at its very end, and then takes templates on WhatsApp", () => {
    const until = "2026-11-30T12:00:00Z";
    expect(windowOf(aConversation({ window_expires_at: until }), whatsapp, now)).toEqual({
      state: "closed",
      since: until,
      tag: null,
      templates: true,
    });
  });
  it("is closed, and never was open, where a customer of a channel with windows has not written yet", () => {
    const conversation = aConversation({ window_expires_at: "2026-11-30T11:00:00Z", last_inbound_at: null });
    expect(windowOf(conversation, whatsapp, now)).toMatchObject({ state: "closed", since: null, templates: true });
  });
  it("takes a person's answer with the tag, for as long as that is allowed", () => {
    const times = { window_expires_at: "2026-11-30T11:00:00Z", tag_window_expires_at: "2026-12-06T11:00:00Z" };
    expect(windowOf(aConversation(times), instagram, now)).toMatchObject({
      state: "closed",
      tag: { name: "HUMAN_AGENT", until: "2026-12-06T11:00:00Z" },
      templates: false,
    });
    const later = Date.parse("2026-12-07T00:00:00Z");
    expect(windowOf(aConversation(times), instagram, later)).toMatchObject({ state: "closed", tag: null });
  });
});
