import type { Message } from "./protocol";

/** fold takes messages as they are now into those that are known. The order is that of their times, as every other screen has it. */
export function fold(known: readonly Message[], news: readonly Message[]): Message[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of news) byId.set(message.id, message);
  return [...byId.values()].toSorted(inTime);
}

// Servers write times with and without fractions of a second: they are compared as times.
const inTime = (a: Message, b: Message): number => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1);

/** Whether the visitor has not seen an answer. */
export const isUnread = (message: Message, seen: ReadonlySet<string>): boolean =>
  message.from === "agent" && message.status !== "read" && !message.deleted && !seen.has(message.id);
