// Objects of the API for tests: complete and plain, with what the test is about given.
import type * as t from "../types";

/** A readable id that has the form of a UUID: anId(7) is …0007. */
export const anId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

let made = 0;
const nextId = () => anId(100_000 + ++made);

/** When everything in tests happens, unless they say otherwise. */
export const noon = "2026-11-30T12:00:00.000Z";

export const anAgent = (given: Partial<t.Agent> = {}): t.Agent => ({
  id: nextId(),
  name: "Ada Lovelace",
  email: "ada@example.com",
  role: "agent",
  state: "active",
  available: true,
  last_seen_at: noon,
  open_conversations: 0,
  ...given,
});

export const aContact = (given: Partial<t.Contact> = {}): t.Contact => ({
  id: nextId(),
  name: "Maria Lopez",
  username: null,
  phone: "+34600000001",
  email: null,
  language: null,
  about: null,
  edited: [],
  created_at: noon,
  updated_at: noon,
  ...given,
});

export function aConversation(given: Partial<t.Conversation> = {}): t.Conversation {
  const id = given.id ?? nextId();
  return {
    id,
    channel: "whatsapp",
    account_id: anId(1),
    account: "15550001",
    account_name: "Sales",
    thread: "34600000001",
    title: null,
    contact: { id: nextId(), name: "Maria Lopez", username: null, phone: "+34600000001" },
    status: "open",
    snoozed_until: null,
    assignee: null,
    labels: [],
    unread: 0,
    last_message_at: noon,
    last_inbound_at: noon,
    waiting_since: null,
    window_expires_at: null,
    tag_window_expires_at: null,
    last_message: {
      id: nextId(),
      direction: "in",
      type: "text",
      text: "Is it in stock?",
      status: null,
      at: noon,
      deleted: false,
      author: null,
    },
    failed: false,
    created_at: noon,
    updated_at: noon,
    ...given,
  };
}

export const aMessage = (given: Partial<t.Message> = {}): t.Message => ({
  id: nextId(),
  seq: 1,
  conversation: anId(10),
  direction: "in",
  type: "text",
  text: "Is it in stock?",
  content: { direction: "in", type: "text" },
  original_text: null,
  attachments: [],
  reply_to: null,
  reactions: [],
  author: null,
  status: null,
  error: null,
  at: noon,
  edited_at: null,
  deleted_at: null,
  history: false,
  group_sender: null,
  retried_as: null,
  ...given,
});

export const aNote = (given: Partial<t.Note> = {}): t.Note => ({
  id: nextId(),
  conversation: anId(10),
  author: { id: anId(2), name: "Ada Lovelace" },
  text: "Price checked",
  mentions: [],
  at: noon,
  edited_at: null,
  deleted_at: null,
  ...given,
});

export const aLabel = (given: Partial<t.Label> = {}): t.Label => ({
  id: nextId(),
  name: "refund",
  color: "#b42318",
  conversations: 0,
  ...given,
});

export const aChannel = (given: Partial<t.Channel> = {}): t.Channel => ({
  name: "whatsapp",
  title: "WhatsApp",
  text: { max: 4096, unit: "characters" },
  media: [
    { kind: "image", max_bytes: 5_242_880, types: ["image/jpeg", "image/png"] },
    { kind: "document", max_bytes: 100_000_000, types: [] },
  ],
  sends: {
    caption: { max: 1024, unit: "characters" },
    captioned: ["image", "document"],
    places: true,
    cards: true,
    replies: true,
    templates: true,
    reactions: {},
  },
  window_seconds: 86_400,
  tag: null,
  accounts: [
    {
      id: anId(1),
      external_id: "15550001",
      credential_account: "default",
      name: "Sales",
      health: null,
      last_inbound_at: noon,
      last_outbound_at: noon,
      failures_24h: [],
    },
  ],
  ...given,
});

export const aCannedReply = (given: Partial<t.CannedReply> = {}): t.CannedReply => ({
  id: nextId(),
  shortcut: "hi",
  title: "Greeting",
  text: "Hello {{contact.name}}",
  channels: [],
  shared: true,
  uses: 0,
  updated_at: noon,
  ...given,
});

export const aChange = (given: Partial<t.FeedChange> = {}): t.FeedChange => ({
  cursor: nextId(),
  kind: "conversation.updated",
  at: noon,
  conversation: null,
  message: null,
  note: null,
  conversation_id: given.conversation?.id ?? given.message?.conversation ?? null,
  contact_id: null,
  message_id: given.message?.id ?? null,
  merged_into: null,
  ...given,
});

export const noCounts: t.Counts = {
  mine: 0,
  unassigned: 0,
  all: 0,
  mine_unread: 0,
  unassigned_unread: 0,
  snoozed: 0,
  pending: 0,
  dead_letters: 0,
  capped: false,
};
