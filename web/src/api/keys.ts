import type { ConversationQuery } from "./operations";
import type { SearchIn } from "./types";

/** Keys of the query cache: the real-time sync folds changes into what is kept under them. */
export const keys = {
  me: ["me"] as const,
  agents: ["agents"] as const,
  channels: ["channels"] as const,
  labels: ["labels"] as const,
  cannedReplies: ["canned-replies"] as const,
  counts: ["counts"] as const,
  /** Infinite: pages of Page<Conversation>. */
  conversations: (query: ConversationQuery) => ["conversations", query] as const,
  allConversations: ["conversations"] as const,
  /** One Conversation. */
  conversation: (id: string) => ["conversation", id] as const,
  /** Infinite: pages of TimelinePage. around: the message that the first page was loaded around. */
  timeline: (id: string, around: string | null = null) => ["timeline", id, around] as const,
  timelines: (id: string) => ["timeline", id] as const,
  contacts: (q: string) => ["contacts", q] as const,
  allContacts: ["contacts"] as const,
  contact: (id: string) => ["contact", id] as const,
  search: (q: string, within: SearchIn) => ["search", q, within] as const,
  templates: (channel: string, account: string) => ["templates", channel, account] as const,
  deadLetters: ["dead-letters"] as const,
  subscriptions: ["subscriptions"] as const,
  audit: ["audit"] as const,
};
