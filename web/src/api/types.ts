// The objects of the HTTP API by the names that the dashboard uses. They come from the API's own document, src/api/schema.ts; what the document
// leaves open and the dashboard relies on is said here.
import type { components } from "./schema";

type Schemas = components["schemas"];
/** The same object with some members known more closely: nothing that the document rules out. */
type Narrowed<T, N extends Partial<T>> = Omit<T, keyof N> & N;

export type Agent = Schemas["Agent"];
export type Role = Agent["role"];
export type Me = Schemas["Me"];

/** An agent, as far as a reader needs them. */
export interface AgentName {
  id: string;
  name: string;
}

/** Who did something: id is null for whoever is no agent of ours. */
export type Author = Schemas["Ref"];

export type Label = Narrowed<Schemas["Label"], { conversations?: number }>;

/** An assignee is always an agent. */
export type Conversation = Narrowed<
  Schemas["Conversation"],
  { assignee: AgentName | null; last_message: LastMessage | null; labels: Label[] }
>;
export type ConversationStatus = Conversation["status"];
export type ContactName = Schemas["ConversationContact"];
export type LastMessage = Narrowed<Schemas["LastMessage"], { status: MessageStatus | null }>;
export type ConversationChanges = Schemas["ConversationChange"];
export type BulkChanges = Schemas["BulkChange"];
export type BulkResult = Schemas["BulkResult"];

export type Direction = "in" | "out";
export type MessageStatus = "queued" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";

export type Message = Narrowed<Schemas["Message"], { status: MessageStatus | null }>;
export type Quote = Schemas["ReplyTo"];
export type Reaction = Schemas["Reaction"];
export type MessageError = Schemas["MessageError"];
export type MessageContent = Schemas["ChannelsMessage"];
export type Span = Schemas["ChannelsSpan"];
export type Choice = Schemas["ChannelsChoice"];
export type Order = Schemas["ChannelsOrder"];
export type Referral = Schemas["ChannelsReferral"];
export type Attachment = Schemas["Attachment"];
export type StoredFile = Schemas["File"];
export type Place = Schemas["ChannelsPlace"];
export type Card = Schemas["ChannelsCard"];

export type Note = Schemas["Note"];
export type Activity = Schemas["Activity"];

/** Which member is there depends on the type: the document can only say that each may be. */
export type TimelineItem =
  { type: "message"; message: Message } | { type: "note"; note: Note } | { type: "activity"; activity: Activity };

/** Newest first. */
export type TimelinePage = Narrowed<Schemas["Timeline"], { items: TimelineItem[] }>;

export type Contact = Schemas["Contact"];
export type ContactDetail = Narrowed<Schemas["ContactDetail"], { conversations: Conversation[] }>;

export type TextLimit = Narrowed<Schemas["ChannelsTextLimit"], { unit: "characters" | "utf16" | "bytes" }>;
export type MediaLimit = Schemas["MediaLimit"];
export type Abilities = Narrowed<
  Schemas["ChannelsAbilities"],
  { caption: TextLimit; choices?: Narrowed<Schemas["ChannelsChoiceLimit"], { text: TextLimit }> }
>;
export type Channel = Narrowed<Schemas["Channel"], { text: TextLimit; sends: Abilities }>;
export type ChannelAccount = Schemas["ChannelAccount"];
export type AccountHealth = Schemas["ChannelHealth"];

export type Template = Schemas["Template"];
export type TemplateDetail = Schemas["ChannelsMessageTemplate"];
export type TemplateText = Schemas["ChannelsTemplateText"];
export type TemplateList = Schemas["Templates"];
export type NewMessage = Schemas["NewMessage"];
export type FilledTemplate = Schemas["NewTemplate"];
export type Upload = Schemas["Upload"];
export type CannedReply = Schemas["CannedReply"];
export type Counts = Schemas["Counts"];

export type SearchHit = Narrowed<
  Schemas["SearchResult"],
  { conversation: Conversation | null; message: Message | null }
>;
export type SearchIn = "messages" | "conversations" | "contacts";

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type FeedChange = Narrowed<
  Schemas["FeedChange"],
  { conversation: Conversation | null; message: Message | null }
>;
export type FeedPage = Narrowed<Schemas["Feed"], { changes: FeedChange[] }>;
export type Ticket = Schemas["Ticket"];
export type PresenceState = Schemas["Presence"]["state"];

/** What a socket says of a colleague. */
export interface Presence {
  conversation: string;
  agent: AgentName;
  state: PresenceState;
}

/** An RFC 9457 problem. What is optional here is missing where something in front of the API answers in its place. */
export type ProblemDocument = Narrowed<
  Schemas["Problem"],
  { type?: string; errors?: Schemas["Detail"][]; request_id?: string }
>;
