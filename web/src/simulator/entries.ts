import type { Entry } from "./backend";

/** merged is what was known with what is new: an entry that changed comes again under its id. In the order of the chat. */
export function merged(known: Entry[], news: Entry[]): Entry[] {
  if (news.length === 0) return known;
  const byId = new Map(known.map((entry) => [entry.id, entry]));
  for (const entry of news) {
    const before = byId.get(entry.id);
    if (!before || before.seq < entry.seq) byId.set(entry.id, entry);
  }
  return [...byId.values()].toSorted((a, b) => a.position - b.position);
}

/** A message as the customer's app shows it: with the reactions to it, as edited, as deleted. */
export interface Shown {
  entry: Entry;
  text: string;
  quoted: Entry | null;
  reactions: { emoji: string; by: Entry["from"] }[];
  edited: boolean;
  deleted: boolean;
}

/** shown folds the events about a message into the message. */
export function shown(entries: Entry[]): Shown[] {
  const messages = new Map<string, Shown>();
  const byPlatform = new Map(entries.filter((entry) => entry.message_id).map((entry) => [entry.message_id, entry.id]));
  for (const entry of entries) {
    const target = entry.target ?? byPlatform.get(entry.content?.reaction?.target ?? "");
    const about = target === undefined || target === null ? undefined : messages.get(target);
    if (about && happensTo(entry)) applied(about, entry);
    else
      messages.set(entry.id, {
        entry,
        text: entry.text,
        quoted: about?.entry ?? null,
        reactions: [],
        edited: false,
        deleted: false,
      });
  }
  return [...messages.values()];
}

// Platforms have words of their own: reaction, message_reaction_removed, unreact; edit, edited_message; delete, revoke.
const isReaction = (kind: string) => kind.includes("react");
const isEdit = (kind: string) => kind.includes("edit");
const isRemoval = (kind: string) => /delete|revoke/.test(kind);
const takesBack = (kind: string) => /unreact|removed/.test(kind);

const happensTo = ({ kind }: Entry) => isReaction(kind) || isEdit(kind) || isRemoval(kind);

function applied(message: Shown, entry: Entry): void {
  if (isReaction(entry.kind)) {
    message.reactions = message.reactions.filter((reaction) => reaction.by !== entry.from);
    const emoji = entry.content?.reaction ? entry.content.reaction.emoji : entry.text;
    if (emoji && !takesBack(entry.kind)) message.reactions.push({ emoji, by: entry.from });
  } else if (isEdit(entry.kind)) {
    message.text = entry.text;
    message.edited = true;
  } else message.deleted = true;
}
