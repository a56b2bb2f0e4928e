import { createContext, useContext } from "react";
import type { Channel, Conversation, Message, MessageError } from "~/api/types";

/** What the parts of a conversation need to know of it, and what they can ask of it. */
export interface Thread {
  conversation: Conversation;
  /** The channel's abilities and limits; undefined until they are known. */
  channel: Channel | undefined;
  /** The agent who looks at it. */
  /** The message that came in last of those that are shown: an answer says that they were read. */
  seen: string | null;
  me: { id: string; name: string } | undefined;
  /** Answers a message, with the composer's next reply. */
  replyTo(message: Message): void;
  /** Puts our reaction to a message in the place of the one before; an empty one takes it away. */
  react(message: Message, emoji: string): void;
  /** Shows a message, wherever it is in the history. */
  jumpTo(message: string): void;
  /** Does what helps with a message that failed. */
  fix(message: Message, fix: MessageError["fix"]): void;
  /** Asks the server again, because links have run out. */
  refresh(): void;
}

export const ThreadContext = createContext<Thread | null>(null);

export function useThread(): Thread {
  const thread = useContext(ThreadContext);
  if (!thread) throw new Error("useThread outside of ThreadContext");
  return thread;
}
