import type { Conversation } from "~/api/types";

/** The names that a canned reply may have between {{ and }}. */
export const variables = [
  "contact.name",
  "contact.first_name",
  "contact.username",
  "contact.phone",
  "agent.name",
  "agent.first_name",
  "account.name",
] as const;

type Values = Partial<Record<string, string>>;

const GAP = /\{\{\s*([\w.]+)\s*\}\}/g;

/** What is known in a conversation to fill gaps with. */
export function valuesFor(conversation: Conversation, agent: { name: string } | undefined): Values {
  const { contact } = conversation;
  return {
    "contact.name": contact?.name || undefined,
    "contact.first_name": firstName(contact?.name),
    "contact.username": contact?.username || undefined,
    "contact.phone": contact?.phone || undefined,
    "agent.name": agent?.name || undefined,
    "agent.first_name": firstName(agent?.name),
    "account.name": conversation.account_name || undefined,
  };
}

const firstName = (name: string | null | undefined) => name?.trim().split(/\s+/)[0] || undefined;

/** A text with its gaps filled; one that nothing is known for stays, for the agent to fill. */
export function fill(text: string, values: Values): string {
  return text.replace(GAP, (gap, name: string) => values[name] ?? gap);
}

/** The gaps that are left in a text: sent as they are, the customer would read them. */
export const gapsIn = (text: string): string[] => [...new Set([...text.matchAll(GAP)].map(([gap]) => gap))];

/** A text in pieces, those with the gaps told apart, for a preview that shows what is missing. */
export function pieces(text: string): { text: string; gap: boolean }[] {
  return text
    .split(/(\{\{\s*[\w.]+\s*\}\})/g)
    .filter(Boolean)
    .map((piece) => ({ text: piece, gap: piece.startsWith("{{") }));
}
