// The objects of the HTTP API, as the dashboard reads them. Times are RFC 3339 strings, ids are UUIDs.

export type Role = "admin" | "agent";

export interface Agent {
  id: string;
  name: string;
  email: string;
  role: Role;
  state: "active" | "disabled";
  available: boolean;
  last_seen_at: string | null;
  open_conversations: number;
}

export interface Me extends Agent {
  preferences: Record<string, unknown>;
}

/** Whoever did something, as far as a reader needs them. */
export interface AgentName {
  id: string;
  name: string;
}

export interface Label {
  id: string;
  name: string;
  color: string;
  conversations?: number;
}

export type ConversationStatus = "open" | "pending" | "snoozed" | "resolved";

export interface Conversation {
  id: string;
  channel: string;
  account_id: string;
  account: string;
  account_name?: string | null;
  thread: string;
  title: string | null;
  contact: ContactName | null;
  status: ConversationStatus;
  snoozed_until: string | null;
  assignee: AgentName | null;
  labels: Label[];
  unread: number;
  last_message_at: string | null;
  last_inbound_at: string | null;
  waiting_since: string | null;
  /** Until when free-form answers are allowed; null: no limit. */
  window_expires_at: string | null;
  /** Until when answers with the channel's tag are allowed; null: the channel has no tag. */
  tag_window_expires_at: string | null;
  last_message: LastMessage | null;
  /** Our latest message failed, or nobody knows whether it arrived. */
  failed: boolean;
  created_at: string;
  updated_at: string;
}

export interface ContactName {
  id: string;
  name: string;
  username: string | null;
  phone: string | null;
}

export interface LastMessage {
  id: string;
  direction: Direction;
  type: string;
  text: string;
  status: MessageStatus | null;
  at: string;
  deleted: boolean;
  author: string | null;
}

export type Direction = "in" | "out";
export type MessageStatus = "queued" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";

export interface Message {
  id: string;
  conversation: string;
  direction: Direction;
  type: string;
  /** As it reads now. */
  text: string;
  content: MessageContent;
  /** Before it was edited; null: it never was. */
  original_text: string | null;
  attachments: Attachment[];
  reply_to: Quote | null;
  reactions: Reaction[];
  author: { id: string | null; name: string } | null;
  status: MessageStatus | null;
  error: MessageError | null;
  at: string;
  edited_at: string | null;
  deleted_at: string | null;
  /** From before the channel was connected. */
  history: boolean;
  group_sender: string | null;
}

export interface Quote {
  id: string | null;
  external_id: string;
  direction: Direction;
  type: string;
  text: string;
  author: string | null;
}

export interface Reaction {
  emoji: string;
  by: "customer" | "us";
  count: number;
}

export interface MessageError {
  code: string;
  reason: string;
  fix: "template" | "tag" | "reconnect" | "retry" | "none";
  retryable: boolean;
}

/** What a message says besides text and files: channels.Message. */
export interface MessageContent {
  direction?: Direction;
  type?: string;
  text?: string;
  format?: Span[];
  quote?: string;
  story?: { id?: string; url?: string };
  choice?: Choice;
  order?: Order;
  product?: string;
  referral?: Referral;
  forwarded?: boolean;
  album?: string;
  topic?: string;
  errors?: { code: number; title?: string; detail?: string; reason?: string }[];
}

export interface Span {
  type: string;
  /** In Unicode code points from the start of the text. */
  offset: number;
  length: number;
  url?: string;
}

export interface Choice {
  kind: string;
  id?: string;
  title?: string;
  description?: string;
  data?: string;
}

export interface Order {
  catalog?: string;
  items: { product: string; quantity?: string; price?: string; currency?: string }[];
}

export interface Referral {
  source?: string;
  source_id?: string;
  ref?: string;
  url?: string;
  headline?: string;
  body?: string;
  click_id?: string;
}

export interface Attachment {
  position: number;
  kind: string;
  name?: string;
  mime?: string;
  bytes?: number;
  seconds?: number;
  width?: number;
  height?: number;
  animated?: boolean;
  emoji?: string;
  title?: string;
  place?: Place;
  card?: Card;
  options?: string[];
  shared_id?: string;
  url?: string;
  value?: string;
  starts?: string;
  ends?: string;
  file: StoredFile | null;
}

export interface StoredFile {
  id: string;
  state: "waiting" | "stored" | "gone" | "refused" | "failed";
  reason: string | null;
  url: string | null;
  url_expires_at: string | null;
}

export interface Place {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
  live?: boolean;
}

export interface Card {
  name?: string;
  phones?: string[];
  emails?: string[];
  organization?: string;
  user_id?: string;
  vcard?: string;
}

export interface Note {
  id: string;
  conversation: string;
  author: AgentName;
  text: string;
  mentions: string[];
  at: string;
  edited_at: string | null;
  deleted_at: string | null;
}

export interface Activity {
  id: string;
  at: string;
  agent: AgentName | null;
  action: string;
  detail: unknown;
}

export type TimelineItem =
  { type: "message"; message: Message } | { type: "note"; note: Note } | { type: "activity"; activity: Activity };

export interface TimelinePage {
  /** Newest first. */
  items: TimelineItem[];
  older: string | null;
  newer: string | null;
}

export interface Contact {
  id: string;
  name: string;
  username: string | null;
  phone: string | null;
  email: string | null;
  language: string | null;
  about: string | null;
  /** Names of the fields that an agent set. */
  edited: string[];
  created_at: string;
  updated_at: string;
}

export interface ContactDetail extends Contact {
  identities: { channel: string; account: string; kind: string; value: string; first_seen_at: string }[];
  conversations: Conversation[];
}

export interface TextLimit {
  max: number;
  unit: "characters" | "utf16" | "bytes";
}

export interface MediaLimit {
  kind: string;
  max_bytes: number;
  types?: string[];
}

export interface Abilities {
  caption: TextLimit;
  captioned?: string[];
  places?: boolean;
  cards?: boolean;
  replies?: boolean;
  templates?: boolean;
  choices?: { options: number; text: TextLimit; title: number; description?: number; id: number; menu?: number } | null;
  reactions?: { emojis?: string[] } | null;
}

export interface Channel {
  name: string;
  title: string;
  text: TextLimit;
  media: MediaLimit[];
  sends: Abilities;
  window_seconds: number;
  tag: { name: string; window_seconds: number } | null;
  accounts: ChannelAccount[];
}

export interface ChannelAccount {
  id: string;
  external_id: string;
  credential_account: string;
  name: string;
  health: AccountHealth | null;
  last_inbound_at: string | null;
  last_outbound_at: string | null;
  failures_24h: { code: string; reason: string; count: number }[];
}

export interface AccountHealth {
  state: string;
  since: string | null;
  detail: string;
  expires_at: string | null;
  lacks: string[];
  checked_at: string | null;
}

export interface Template {
  name: string;
  language: string;
  category: string;
  status: string;
  detail: TemplateDetail;
  seen_at: string;
}

/** channels.MessageTemplate: what an agent needs to pick a template and to fill its gaps. */
export interface TemplateDetail {
  name: string;
  language: string;
  category?: string;
  status: string;
  named?: boolean;
  header?: TemplateText & { file?: string };
  body: TemplateText;
  footer?: string;
  buttons?: { kind: string; text: string; url?: string; gap?: boolean }[];
  beyond?: string[];
}

export interface TemplateText {
  text: string;
  gaps?: string[];
}

export interface TemplateList {
  items: Template[];
  listed_at: string | null;
  error: string | null;
}

/** What to send: channels.Content, with our own message id to answer to. */
export interface NewMessage {
  text?: string;
  file?: { key: string; name: string; mime: string; kind?: string; bytes: number };
  choices?: { options: { id: string; title: string; description?: string }[]; menu?: string };
  place?: Place;
  card?: Card;
  template?: FilledTemplate;
  reaction?: { emoji: string };
  reply_to?: string;
  tag?: string;
}

export interface FilledTemplate {
  name: string;
  language: string;
  header?: string[];
  header_file?: { key: string; name: string; mime: string; kind?: string; bytes: number };
  body?: string[];
  named?: Record<string, string>;
  buttons?: { index: number; kind: string; value: string }[];
}

export interface Upload {
  key: string;
  url: string;
  method: string;
  headers: Record<string, string>;
  expires_at: string;
}

export interface CannedReply {
  id: string;
  shortcut: string;
  title: string;
  text: string;
  channels: string[];
  shared: boolean;
  uses: number;
  updated_at: string;
}

export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
  mine_unread: number;
  unassigned_unread: number;
  snoozed: number;
  pending: number;
  dead_letters: number;
  capped?: boolean;
}

export interface SearchHit {
  conversation: Conversation | null;
  message: Message | null;
  contact: Contact | null;
  snippet: { text: string; match: boolean }[];
}

export type SearchIn = "messages" | "conversations" | "contacts";

export interface DeadLetter {
  id: string;
  kind: string;
  channel: string;
  reason: string;
  died_at: string;
  redriven_at: string | null;
}

export interface DeadLetterDetail extends DeadLetter {
  account?: string | null;
  thread?: string | null;
  received_at?: string | null;
  webhook?: unknown;
  raw?: string | null;
  raw_encoding?: "text" | "base64" | null;
  body?: unknown;
}

export interface AuditEntry {
  id: string;
  at: string;
  agent: AgentName | null;
  action: string;
  object: string | null;
  conversation: string | null;
  detail: unknown;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface FeedChange {
  cursor: string;
  kind: string;
  at: string;
  conversation: Conversation | null;
  message: Message | null;
  note: Note | null;
  conversation_id: string | null;
  contact_id: string | null;
}

export interface FeedPage {
  changes: FeedChange[];
  next: string;
  more: boolean;
  /** A change exists that may not be shown yet: ask again in a moment. */
  pending: boolean;
}

export interface Ticket {
  ticket: string;
  url: string;
  expires_at: string;
}

export interface Presence {
  conversation: string;
  agent: AgentName;
  state: PresenceState;
}

export type PresenceState = "viewing" | "typing" | "left";

export interface ConversationChanges {
  status?: ConversationStatus;
  snoozed_until?: string;
  assignee_id?: string | null;
  label_ids?: string[];
}

export interface BulkChanges extends ConversationChanges {
  add_label_ids?: string[];
  remove_label_ids?: string[];
  read?: boolean;
}

export interface BulkResult {
  id: string;
  ok: boolean;
  problem?: ProblemDocument | null;
}

/** An RFC 9457 problem, as the API answers it. */
export interface ProblemDocument {
  type?: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: { location: string; message: string; code?: string }[];
  request_id?: string;
}
