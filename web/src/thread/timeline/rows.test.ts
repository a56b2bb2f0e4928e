import { describe, expect, it } from "vitest";
import { aMessage, anId, aNote } from "~/api/fake/objects";
import type { Message, TimelineItem } from "~/api/types";
import type { Entry } from "~/outbox/entry";
import { type Row, rowsOf } from "./rows";
import { findUnread } from "./unread";

const message = (given: Partial<Message>): TimelineItem => ({ type: "message", message: aMessage(given) });
const activity = (n: number, at: string): TimelineItem => ({
  type: "activity",
  activity: { id: anId(n), at, agent: null, action: "conversation.status", detail: {} },
});
const pending = (given: Partial<Entry>): Entry => ({
  key: "k",
  conversation: anId(10),
  at: "2026-11-30T12:05:00.000Z",
  since: "2026-11-30T12:05:00.000Z",
  what: { type: "message", body: { text: "Yes" } },
  state: "waiting",
  tries: 0,
  ...given,
});

const types = (rows: Row[]) => rows.map((row) => row.type);
const messages = (rows: Row[]) => rows.filter((row) => row.type === "message");

const groups = (items: TimelineItem[]) =>
  messages(rowsOf({ items })).map(({ first, last }) => `${first ? "[" : ""}${last ? "]" : ""}`);
const albumPart = (n: number, given: Partial<Message> = {}) =>
  message({ id: anId(n), content: { direction: "in", type: "image", album: "a" }, ...given });

describe("the lines of a timeline", () => {
  it("go from the oldest to the newest, with a line for each day", () => {
    const rows = rowsOf({
      items: [
        message({ id: anId(3), at: "2026-11-30T12:00:00Z" }),
        message({ id: anId(2), at: "2026-11-29T12:00:00Z" }),
        message({ id: anId(1), at: "2026-11-29T11:00:00Z" }),
      ],
    });
    expect(types(rows)).toEqual(["day", "message", "message", "day", "message"]);
    expect(messages(rows).map((row) => row.key)).toEqual([anId(1), anId(2), anId(3)]);
  });
  it("show a message once, however often it was loaded", () => {
    const twice = message({ id: anId(1) });
    expect(types(rowsOf({ items: [twice, twice] }))).toEqual(["day", "message"]);
  });
  it("leave out reactions that we sent", () =>
    expect(rowsOf({ items: [message({ type: "reaction", direction: "out", text: "👍" })] })).toEqual([]));
  it("keep their keys when older ones are loaded", () => {
    const newer = [message({ id: anId(2), at: "2026-11-30T12:00:00Z" })];
    const before = rowsOf({ items: newer }).map((row) => row.key);
    const after = rowsOf({ items: [...newer, message({ id: anId(1), at: "2026-11-30T11:00:00Z" })] }).map(
      (row) => row.key,
    );
    expect(after).toEqual(expect.arrayContaining(before));
  });
});

describe("groups", () => {
  it("are of one writer within a minute of the clock", () =>
    expect(
      groups([
        message({ at: "2026-11-30T12:01:01Z" }),
        message({ at: "2026-11-30T12:00:59Z" }),
        message({ at: "2026-11-30T12:00:30Z" }),
        message({ at: "2026-11-30T12:00:01Z" }),
      ]),
    ).toEqual(["[", "", "]", "[]"]));
  it("end where another colleague writes", () =>
    expect(
      groups([
        message({ direction: "out", author: { id: anId(2), name: "Ben" } }),
        message({ direction: "out", author: { id: anId(1), name: "Ada" } }),
      ]),
    ).toEqual(["[]", "[]"]));
  it("never hold one that failed", () =>
    expect(
      groups([message({ direction: "out", status: "sent" }), message({ direction: "out", status: "failed" })]),
    ).toEqual(["[]", "[]"]));
  it("end at a note", () =>
    expect(groups([message({}), { type: "note", note: aNote() }, message({})])).toEqual(["[]", "[]"]));
});

describe("albums", () => {
  it("are one line", () => {
    const [row] = messages(rowsOf({ items: [albumPart(3), albumPart(2), albumPart(1)] }));
    expect(row?.album.map(({ id }) => id)).toEqual([anId(1), anId(2), anId(3)]);
  });
  it("lose a part that was taken back", () =>
    expect(
      messages(rowsOf({ items: [albumPart(2), albumPart(1, { deleted_at: "2026-11-30T12:00:00Z" })] })),
    ).toHaveLength(2));
  it("are of one side", () =>
    expect(messages(rowsOf({ items: [albumPart(2, { direction: "out" }), albumPart(1)] }))).toHaveLength(2));
});

describe("activities", () => {
  it("are folded from three in a row on", () => {
    const at = "2026-11-30T12:00:00Z";
    const rows = rowsOf({ items: [activity(3, at), activity(2, at), activity(1, at)] });
    expect(types(rows)).toEqual(["day", "activity"]);
    expect(rows[1]).toMatchObject({ activities: [{ id: anId(1) }, { id: anId(2) }, { id: anId(3) }] });
  });
  it("are told one by one below that", () => {
    const at = "2026-11-30T12:00:00Z";
    expect(types(rowsOf({ items: [activity(2, at), activity(1, at)] }))).toEqual(["day", "activity", "activity"]);
  });
  it("are not folded over messages or days", () => {
    const items = [
      activity(4, "2026-11-30T12:00:00Z"),
      activity(3, "2026-11-29T12:00:00Z"),
      message({ at: "2026-11-29T11:00:00Z" }),
      activity(1, "2026-11-29T10:00:00Z"),
    ];
    expect(types(rowsOf({ items }))).toEqual(["day", "activity", "message", "activity", "day", "activity"]);
  });
});

describe("what is not sent yet", () => {
  it("stands at the end", () =>
    expect(types(rowsOf({ items: [message({})], pending: [pending({})] }))).toEqual(["day", "message", "pending"]));
  it("goes when its messages are there", () => {
    const entry = pending({ state: "sent", messages: [anId(7)] });
    expect(types(rowsOf({ items: [], pending: [entry] }))).toContain("pending");
    const items = [message({ id: anId(7), direction: "out", text: "Yes" })];
    expect(types(rowsOf({ items, pending: [entry] }))).toEqual(["day", "message"]);
  });
  it("is not shown twice when the feed is faster than the answer", () => {
    const items = [message({ direction: "out", status: "queued", text: "Yes", at: "2026-11-30T12:05:01Z" })];
    expect(types(rowsOf({ items, pending: [pending({ state: "sending" })] }))).toEqual(["day", "message"]);
  });
  it("is shown though the same was said before", () => {
    const items = [message({ direction: "out", status: "read", text: "Yes", at: "2026-11-30T12:04:59Z" })];
    expect(types(rowsOf({ items, pending: [pending({ state: "sending" })] }))).toContain("pending");
  });
  it("is no line of its own for a retry or a reaction", () => {
    const entries = [
      pending({ what: { type: "retry", message: anId(1) } }),
      pending({ what: { type: "message", body: { reaction: { emoji: "👍" } } } }),
    ];
    expect(rowsOf({ items: [], pending: entries })).toEqual([]);
  });
});

describe("the unread marker", () => {
  const items = [
    message({ id: anId(4) }),
    message({ id: anId(3), direction: "out" }),
    message({ id: anId(2) }),
    message({ id: anId(1) }),
  ];
  it("stands above the first unread message of the customer", () => {
    expect(findUnread(items, 2)).toEqual({ first: anId(2), count: 2 });
    expect(types(rowsOf({ items, unread: findUnread(items, 2) }))).toEqual([
      "day",
      "message",
      "unread",
      "message",
      "message",
      "message",
    ]);
  });
  it("stands nowhere when nothing is unread", () => expect(findUnread(items, 0)).toBeNull());
  it("waits until its place is loaded", () => expect(findUnread(items, 9)).toBeNull());
  it("does not count history", () =>
    expect(findUnread([message({ history: true }), ...items], 1)?.first).toBe(anId(4)));
});
