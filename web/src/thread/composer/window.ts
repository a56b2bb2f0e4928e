import type { Channel, Conversation } from "~/api/types";

/**
 * What may be said in a conversation now. open: anything; until: when that ends, null: never. closed: only what is named, until then.
 */
export type ReplyWindow =
  | { state: "open"; until: string | null; soon: boolean }
  | { state: "closed"; since: string | null; tag: { name: string; until: string } | null; templates: boolean };

/** So long before its end a window is shown to be closing. */
const SOON = 4 * 60 * 60_000;

export function windowOf(conversation: Conversation, channel: Channel, now: number): ReplyWindow {
  const { window_expires_at: until, tag_window_expires_at: tagUntil } = conversation;
  if (until === null) return { state: "open", until: null, soon: false };
  if (Date.parse(until) > now) return { state: "open", until, soon: Date.parse(until) - now < SOON };
  const tag = channel.tag && tagUntil !== null && Date.parse(tagUntil) > now;
  return {
    state: "closed",
    // Of a customer who has never written the server gives when it heard of the chat.
    since: conversation.last_inbound_at === null ? null : until,
    tag: channel.tag && tag ? { name: channel.tag.name, until: tagUntil } : null,
    templates: channel.sends.templates ?? false,
  };
}
