import type { Entry } from "../chat/outbox";
import type { Message } from "../chat/protocol";

/** A message as it is shown: one of the server's, or what is on its way there. */
export interface Shown extends Omit<Message, "file"> {
  file?: Message["file"];
  entry?: Entry;
}

export type Row =
  | { type: "day"; key: string; at: string }
  /** first and last: of a group that one person wrote within some minutes. */
  | { type: "message"; key: string; message: Shown; first: boolean; last: boolean };

type MessageRow = Extract<Row, { type: "message" }>;

const groupWithin = 5 * 60_000;

/** rowsOf makes the lines of the conversation, from the oldest to the newest. */
export function rowsOf(messages: readonly Message[], entries: readonly Entry[]): Row[] {
  const known = new Set(messages.map(({ id }) => id));
  const own = entries.filter(({ id, email }) => !known.has(id) && !email).map(shownOf);
  const rows: Row[] = [];
  let before: MessageRow | undefined;
  for (const message of [...messages, ...own]) {
    const newDay = !before || dayOf(before.message.at) !== dayOf(message.at);
    if (newDay) rows.push({ type: "day", key: `day:${dayOf(message.at)}`, at: message.at });
    const joins = before && !newDay && isTogether(before.message, message);
    if (before && joins) before.last = false;
    before = { type: "message", key: message.id, message, first: !joins, last: true };
    rows.push(before);
  }
  return rows;
}

function shownOf(entry: Entry): Shown {
  const { id, at, text, choice, reply_to, file } = entry;
  const sent = file && { url: null, mime: file.mime, name: file.name, bytes: file.bytes };
  return { id, at, text, choice, reply_to, file: sent, from: "visitor", entry };
}

const dayOf = (at: string): string => new Date(at).toDateString();

function isTogether(a: Shown, b: Shown): boolean {
  const apart = Date.parse(b.at) - Date.parse(a.at);
  return a.from === b.from && a.name === b.name && apart < groupWithin;
}
