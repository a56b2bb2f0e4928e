import type { Entry } from "./outbox";
import type { Message, Settings } from "./protocol";

/** All that the views need to know. It is never changed, only replaced. */
export interface ChatState {
  /** asking: nothing is kept and nobody is called until the visitor agrees. */
  consent: "asking" | "given";
  /** idle: nobody has been called yet. refused: this page may not have the chat. */
  phase: "idle" | "starting" | "ready" | "refused";
  open: boolean;
  /** Whether the server answered when it was last asked. */
  reached: boolean;
  settings: Settings | null;
  /** In the order of their times. */
  messages: readonly Message[];
  entries: readonly Entry[];
  older: "none" | "more" | "loading";
  /** Until when an agent has read what the visitor wrote. */
  readUntil: string | null;
  writing: { name?: string } | null;
  /** Of the answers that are shown, how many are new to the visitor. */
  unread: number;
  /** The visitor left an address, or is known by one. */
  email: "unknown" | "known" | "declined";
}

export const initial: ChatState = {
  consent: "asking",
  phase: "idle",
  open: false,
  reached: true,
  settings: null,
  messages: [],
  entries: [],
  older: "none",
  readUntil: null,
  writing: null,
  unread: 0,
  email: "unknown",
};

// Whoever has answered within so long is there, whatever was so when the chat began.
const present = 10 * 60_000;

/** Whether nobody is there to answer. */
export function isAway({ settings, messages, writing }: ChatState): boolean {
  const last = messages.findLast(({ from }) => from === "agent");
  return settings?.away === true && !writing && (!last || Date.now() - Date.parse(last.at) > present);
}

/** Whether the visitor is to be asked for an address: only one who has written, and only once. */
export function asksEmail(state: ChatState): boolean {
  const { settings, email, messages, entries } = state;
  const ask = settings?.ask_email;
  const wanted = ask === "always" || (ask === "away" && isAway(state));
  const wrote = entries.some((entry) => !entry.email) || messages.some(({ from }) => from === "visitor");
  return wanted && wrote && email === "unknown";
}
