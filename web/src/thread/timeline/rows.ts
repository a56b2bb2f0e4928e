import type { Activity, Message, Note, TimelineItem } from "~/api/types";
import type { Entry } from "~/outbox/entry";

/** One line of the timeline, from the oldest to the newest. A key stays the same while its line is shown, whatever is loaded around it. */
export type Row =
  | { type: "day"; key: string; at: string }
  | { type: "unread"; key: string; at: string; count: number }
  | MessageRow
  | { type: "note"; key: string; at: string; note: Note }
  | { type: "activity"; key: string; at: string; activities: Activity[] }
  | { type: "pending"; key: string; at: string; entry: Entry };

export interface MessageRow {
  type: "message";
  key: string;
  at: string;
  message: Message;
  /** All messages of an album, the oldest first; otherwise just the message. */
  album: Message[];
  /** Begins a group: it comes some way after what is above it, or from somebody else. */
  first: boolean;
  /** Ends a group: it shows the time, and the status. */
  last: boolean;
}

export interface TimelineState {
  /** As the API has them: newest first. */
  items: readonly TimelineItem[];
  pending?: readonly Entry[];
  /** The message above which the unread ones begin. */
  unread?: { first: string; count: number } | null;
}

/** Makes the lines of a timeline. */
export function rowsOf({ items, pending = [], unread = null }: TimelineState): Row[] {
  const lines = foldActivities(joinAlbums(unique(items).toReversed().flatMap(lineOf)));
  const rows: Row[] = [];
  let day = "";
  for (const line of lines) {
    const today = dayOf(line.at);
    if (today !== day) rows.push({ type: "day", key: `day:${today}`, at: line.at });
    day = today;
    if (unread && line.type === "message" && line.album.some((message) => message.id === unread.first)) {
      rows.push({ type: "unread", key: "unread", at: line.at, count: unread.count });
    }
    rows.push(line);
  }
  for (const entry of pending) {
    if (isShown(entry, items)) continue;
    if (dayOf(entry.at) !== day) rows.push({ type: "day", key: `day:${dayOf(entry.at)}`, at: entry.at });
    day = dayOf(entry.at);
    rows.push({ type: "pending", key: `pending:${entry.key}`, at: entry.at, entry });
  }
  return group(rows);
}

type Line = Exclude<Row, { type: "day" | "unread" | "pending" }>;

function unique(items: readonly TimelineItem[]): TimelineItem[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const id = idOf(item);
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

export function idOf(item: TimelineItem): string {
  switch (item.type) {
    case "message":
      return item.message.id;
    case "note":
      return item.note.id;
    case "activity":
      return item.activity.id;
  }
}

function lineOf(item: TimelineItem): Line[] {
  switch (item.type) {
    case "message": {
      const { message } = item;
      // A reaction of ours is shown at the message that it is about.
      if (message.type === "reaction") return [];
      return [{ type: "message", key: message.id, at: message.at, message, album: [message], first: true, last: true }];
    }
    case "note":
      return [{ type: "note", key: item.note.id, at: item.note.at, note: item.note }];
    case "activity":
      return [{ type: "activity", key: item.activity.id, at: item.activity.at, activities: [item.activity] }];
  }
}

/** Platforms send an album as several messages, one after the other, with one name in common and no end mark. */
function joinAlbums(lines: Line[]): Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    const album = line.type === "message" && !line.message.deleted_at ? line.message.content.album : undefined;
    const continues =
      album !== undefined &&
      last?.type === "message" &&
      !last.message.deleted_at &&
      last.message.content.album === album &&
      last.message.direction === (line as MessageRow).message.direction;
    if (continues) last.album = [...last.album, (line as MessageRow).message];
    else joined.push(line);
  }
  return joined;
}

/** From this many activities in a row on they are folded into one line. */
const FOLDED_FROM = 3;

function foldActivities(lines: Line[]): Line[] {
  const folded: Line[] = [];
  let run: Extract<Line, { type: "activity" }>[] = [];
  const flush = () => {
    const [first] = run;
    if (first && run.length >= FOLDED_FROM) {
      folded.push({ ...first, key: `run:${first.key}`, activities: run.flatMap((line) => line.activities) });
    } else folded.push(...run);
    run = [];
  };
  for (const line of lines) {
    if (line.type === "activity" && (run.length === 0 || dayOf(line.at) === dayOf(run[0]?.at ?? ""))) {
      run.push(line);
      continue;
    }
    flush();
    if (line.type === "activity") run.push(line);
    else folded.push(line);
  }
  flush();
  return folded;
}

function group(rows: Row[]): Row[] {
  return rows.map((row, n) => {
    if (row.type !== "message") return row;
    return { ...row, first: !together(rows[n - 1], row), last: !together(row, rows[n + 1]) };
  });
}

/** Messages of one writer within a minute of the clock are a group; one that failed stands alone, because it has to say why. */
function together(above: Row | undefined, below: Row | undefined): boolean {
  if (above?.type !== "message" || below?.type !== "message") return false;
  const [a, b] = [above.message, below.message];
  return (
    a.direction === b.direction &&
    writerOf(a) === writerOf(b) &&
    minuteOf(a.at) === minuteOf(b.at) &&
    !hasTrouble(a) &&
    !hasTrouble(b)
  );
}

export function hasTrouble(message: Message): boolean {
  return message.status === "failed" || message.status === "unknown";
}

function writerOf(message: Message): string {
  return message.author?.id ?? message.author?.name ?? message.group_sender ?? "";
}

const minuteOf = (at: string) => Math.floor(Date.parse(at) / 60_000);

/** The day in the agent's own time zone. */
function dayOf(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Whether the timeline has what an entry became: the feed may bring it before the answer to the request does. */
function isShown(entry: Entry, items: readonly TimelineItem[]): boolean {
  if (entry.what.type === "retry" || entry.what.body.reaction) return true;
  const { messages, what } = entry;
  if (messages) return messages.every((id) => items.some((item) => idOf(item) === id));
  if (entry.state !== "sending") return false;
  return items.some((item) => item.type === "message" && isEcho(item.message, what.body.text, entry));
}

function isEcho(message: Message, text: string | undefined, entry: Entry): boolean {
  return (
    message.direction === "out" &&
    message.status === "queued" &&
    text !== undefined &&
    message.text === text &&
    Date.parse(message.at) >= Date.parse(entry.since) - CLOCKS_DIFFER
  );
}

/** How far a browser's clock may be ahead of the server's. */
const CLOCKS_DIFFER = 60_000;

/** Where a message, or the album that it is part of, or a note stands; -1: it is not loaded. */
export function indexOfMessage(rows: readonly Row[], id: string): number {
  return rows.findIndex((row) =>
    row.type === "message" ? row.album.some((message) => message.id === id) : row.key === id,
  );
}
