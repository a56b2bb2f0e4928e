import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { aChange, aMessage, anId, aNote } from "~/api/fake/objects";
import { keys } from "~/api/keys";
import type { TimelineItem } from "~/api/types";
import { foldTimelines, type TimelinePages, withItem } from "./fold";
import { idOf } from "./rows";

const at = (minute: number) => `2026-11-30T12:${String(minute).padStart(2, "0")}:00.000Z`;
const item = (minute: number, text = ""): TimelineItem => ({
  type: "message",
  message: aMessage({ id: anId(minute), at: at(minute), text }),
});

/** Pages of minutes, newest first. */
function timeline(pages: number[][], ends: { newer?: string; older?: string } = {}): TimelinePages {
  return {
    pageParams: pages.map(() => ({})),
    pages: pages.map((minutes, n) => ({
      items: minutes.map((minute) => item(minute)),
      newer: n === 0 ? (ends.newer ?? null) : "n",
      older: n === pages.length - 1 ? (ends.older ?? null) : "o",
    })),
  };
}
const shown = ({ pages }: TimelinePages) => pages.map(({ items }) => items.map((each) => Number(idOf(each).slice(-2))));

describe("withItem", () => {
  it("adds what is new at the end", () => expect(shown(withItem(timeline([[3, 1]]), item(5)))).toEqual([[5, 3, 1]]));
  it("replaces what is there, in its place", () => {
    const changed = withItem(timeline([[5, 3], [1]]), item(3, "edited"));
    expect(shown(changed)).toEqual([[5, 3], [1]]);
    expect(changed.pages[0]?.items[1]).toMatchObject({ message: { text: "edited" } });
  });
  it("puts what comes late where its time belongs", () => {
    expect(
      shown(
        withItem(
          timeline([
            [9, 7],
            [5, 1],
          ]),
          item(3),
        ),
      ),
    ).toEqual([
      [9, 7],
      [5, 3, 1],
    ]);
    expect(
      shown(
        withItem(
          timeline([
            [9, 7],
            [5, 1],
          ]),
          item(6),
        ),
      ),
    ).toEqual([
      [9, 7],
      [6, 5, 1],
    ]);
  });
  it("leaves out what is newer than a part in the middle of the history", () =>
    expect(shown(withItem(timeline([[3, 1]], { newer: "n" }), item(5)))).toEqual([[3, 1]]));
  it("leaves out what is older than what is loaded", () =>
    expect(shown(withItem(timeline([[5, 3]], { older: "o" }), item(1)))).toEqual([[5, 3]]));
  it("adds the oldest where everything is loaded, also to an empty timeline", () => {
    expect(shown(withItem(timeline([[5, 3]]), item(1)))).toEqual([[5, 3, 1]]);
    expect(shown(withItem(timeline([[]]), item(1)))).toEqual([[1]]);
  });
});

describe("foldTimelines", () => {
  const id = anId(10);
  it("folds messages and notes into every part that is kept, and touches no other conversation", () => {
    const client = new QueryClient();
    client.setQueryData(keys.timeline(id), timeline([[3]]));
    client.setQueryData(keys.timeline(id, anId(3)), timeline([[3]], { newer: "n" }));
    client.setQueryData(keys.timeline(anId(11)), timeline([[3]]));
    const note = aNote({ id: anId(6), at: at(6), conversation: id });
    const message = aMessage({ id: anId(5), at: at(5), conversation: id });
    foldTimelines(client, [aChange({ kind: "message.created", message }), aChange({ kind: "note.created", note })]);
    const of = (conversation: string, around: string | null = null) => {
      const pages = client.getQueryData<TimelinePages>(keys.timeline(conversation, around));
      return pages && shown(pages);
    };
    expect(of(id)).toEqual([[6, 5, 3]]);
    expect(of(id, anId(3))).toEqual([[3]]);
    expect(of(anId(11))).toEqual([[3]]);
  });
  it("keeps one of a message that is told of twice", () => {
    const client = new QueryClient();
    client.setQueryData(keys.timeline(id), timeline([[3]]));
    const message = aMessage({ id: anId(5), at: at(5), conversation: id });
    const change = aChange({ kind: "message.created", message });
    foldTimelines(client, [change]);
    foldTimelines(client, [change, aChange({ kind: "message.updated", message: { ...message, status: "sent" } })]);
    const pages = client.getQueryData<TimelinePages>(keys.timeline(id));
    expect(pages && shown(pages)).toEqual([[5, 3]]);
  });
});
