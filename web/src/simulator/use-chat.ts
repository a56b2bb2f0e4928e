import { useEffect, useState } from "react";
import { chatNews, Refusal, type Chat, type Entry } from "./backend";
import { merged } from "./entries";

export interface ChatState {
  chat: Chat | null;
  entries: Entry[];
  typing: boolean;
  readUntil: string | null;
  error: string | null;
}

const nothing: ChatState = { chat: null, entries: [], typing: false, readUntil: null, error: null };

/** useChat keeps up with a chat by asking for news, one question after the other. Of another chat it is another component. */
export function useChat(id: string): ChatState {
  const [state, setState] = useState(nothing);
  useEffect(() => {
    const closed = new AbortController();
    void follow(id, closed.signal, setState);
    return () => closed.abort();
  }, [id]);
  return state;
}

/** How long to wait after a question that failed. */
const pause = 2000;

async function follow(
  id: string,
  closed: AbortSignal,
  set: (change: (before: ChatState) => ChatState) => void,
): Promise<void> {
  let after = 0;
  while (!closed.aborted) {
    try {
      const news = await chatNews(id, after, closed);
      after = news.next;
      set((before) => ({
        chat: news.chat,
        entries: merged(before.entries, news.entries),
        typing: news.typing,
        readUntil: news.read_until,
        error: null,
      }));
    } catch (cause) {
      if (closed.aborted) return;
      set((before) => ({ ...before, error: cause instanceof Refusal ? cause.message : null }));
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}
