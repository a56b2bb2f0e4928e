import type { MediaLimit } from "~/api/types";

/** What the page and the server say to each other: docs/webchat.md. */
export interface Session {
  token: string;
  expires_at: string;
  /** Names the visitor in what the page posts. */
  visitor: string;
  settings: Settings;
}

/** What the site says about its chat. */
export interface Settings {
  title?: string;
  subtitle?: string;
  greeting?: string;
  /** What a visitor who has not written yet may choose instead of writing. */
  choices?: Choice[] | null;
  texts?: Record<string, string> | null;
  theme?: Theme | null;
  /** Nobody is there to answer now. */
  away?: boolean;
  ask_email?: "never" | "away" | "always";
  limits: Limits;
}

export interface Limits {
  /** Of a text, in characters. */
  text: number;
  media: MediaLimit[];
}

export interface Theme {
  /** Colour of the launcher, the header and the visitor's own messages: #rrggbb. */
  accent?: string;
  /** The side of the page, in its direction of reading. */
  position?: "start" | "end";
  scheme?: "light" | "dark" | "auto";
  /** https address of a picture for the header. */
  logo?: string;
}

/** Who the visitor is by what the company's server says. */
export interface Identity {
  id: string;
  name?: string;
  email?: string;
  /** HMAC-SHA256 of the id, in hexadecimal. */
  hmac: string;
}

export interface Choice {
  id: string;
  title: string;
  description?: string;
}

export type Sender = "visitor" | "agent";

/** A message as the visitor may see it. Its id is the one that the page gave it, if the page sent it. */
export interface Message {
  id: string;
  from: Sender;
  name?: string | null;
  at: string;
  text?: string | null;
  file?: SentFile | null;
  choices?: Choice[] | null;
  choice?: Choice | null;
  place?: Place | null;
  card?: Card | null;
  reply_to?: string | null;
  status?: "queued" | "sent" | "delivered" | "read" | "failed" | null;
  edited?: boolean;
  deleted?: boolean;
}

export interface SentFile {
  /** Null while the file is being stored: the message comes again when it is there. */
  url: string | null;
  mime: string;
  name?: string | null;
  bytes?: number | null;
  width?: number | null;
  height?: number | null;
}

export interface Place {
  latitude: number;
  longitude: number;
  name?: string | null;
  address?: string | null;
}

export interface Card {
  name: string;
  phones?: string[] | null;
  emails?: string[] | null;
}

export interface MessagePage {
  /** The oldest first. */
  messages: Message[];
  /** Where the next read of changes goes on; null with older messages. */
  next: string | null;
  /** There are changes that this answer does not have yet. */
  pending: boolean;
  /** Where older messages are; null: there are none. */
  older: string | null;
  /** An agent has read what the visitor wrote up to this time. */
  read_until?: string | null;
}

/** Something that the visitor did. The id is made once and kept through every try, which is what makes a repetition harmless. */
export type VisitorEvent =
  | { type: "message"; id: string; at: string; text?: string; file?: string; choice?: Choice; reply_to?: string }
  | { type: "email"; id: string; email: string }
  | { type: "read"; up_to: string }
  | { type: "delivered"; ids: string[] };

/** Where a file is to be put, and what names it in a message afterwards. */
export interface Upload {
  url: string;
  headers?: Record<string, string> | null;
  token: string;
}
