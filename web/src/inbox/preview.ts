import type { Conversation, LastMessage } from "~/api/types";
import { inbox } from "~/i18n/en/inbox";
import { t } from "./text";

/** A word for what a message without text is. */
export function kindName(type: string): string {
  const key = `kind.${type}`;
  return t(isKey(key) ? key : "kind.other");
}

type KindKey = Extract<keyof typeof inbox, `kind.${string}`>;
const isKey = (key: string): key is KindKey => key in inbox;

/** The last message in a line: who wrote it if one of us did, and what it says. */
export function messagePreview(message: LastMessage | null): { who: string | null; text: string } {
  if (!message) return { who: null, text: t("row.nothing") };
  const text = message.deleted
    ? t("row.deleted")
    : message.text.replaceAll(/\s+/g, " ").trim() || kindName(message.type);
  if (message.direction === "in") return { who: null, text };
  return { who: message.author ? t("row.author", { name: message.author }) : t("row.you"), text };
}

const soon = 4 * 3_600_000;

/** What the row says about the time that is left to answer; null: nothing worth saying. */
export function windowState(conversation: Conversation, now: number): "soon" | "closed" | null {
  if (!conversation.window_expires_at || conversation.status === "resolved") return null;
  const rest = Date.parse(conversation.window_expires_at) - now;
  if (rest <= 0) return conversation.waiting_since === null ? null : "closed";
  return rest < soon ? "soon" : null;
}
