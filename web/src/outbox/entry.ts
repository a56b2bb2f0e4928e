import type { NewMessage } from "~/api/types";

/** Something that was sent by an agent and that the server has not confirmed yet. */
export interface Entry {
  /** Idempotency key: made once, the same at every try, so that trying again never sends twice. */
  key: string;
  conversation: string;
  /** ISO time at which the agent sent it. Entries of a conversation go in this order. */
  at: string;
  /** ISO time at which the agent last said that it is to be sent. */
  since: string;
  what: Outgoing;
  state: EntryState;
  /** Times that it was tried without an answer. */
  tries: number;
  /** Why the server does not take it; state refused. */
  problem?: EntryProblem;
  /** Messages that the server made of it; state sent. They take the entry's place once they are shown. */
  messages?: string[];
}

/**
 * waiting: not tried yet, or to be tried again; sending: on its way; stale: waited for so long that the agent has to say whether it is still
 * to be sent; refused: the server's answer is no; sent: the server has it.
 */
export type EntryState = "waiting" | "sending" | "stale" | "refused" | "sent";

export type Outgoing = { type: "message"; body: NewMessage } | { type: "retry"; message: string };

export interface EntryProblem {
  status: number;
  code: string;
  detail: string;
}
