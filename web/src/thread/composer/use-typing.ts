import { useEffect, useRef } from "react";
import { useApi } from "~/api/context";
import { showPresence } from "~/api/operations";

/** Typing is told again after so long, while it goes on. */
const REPEAT = 3_000;
/** Looking is told again after so long; colleagues forget it a little later. */
const STAY = 60_000;

/** Tells colleagues that the agent looks at a conversation, for as long as they do. */
export function useViewing(conversation: string): void {
  const api = useApi();
  useEffect(() => {
    const tell = () => {
      if (document.visibilityState === "visible")
        void showPresence(api, conversation, "viewing").catch(() => undefined);
    };
    tell();
    const timer = setInterval(tell, STAY);
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tell);
      void showPresence(api, conversation, "left").catch(() => undefined);
    };
  }, [api, conversation]);
}

/** Gives what to call at each key: colleagues and the customer see that an answer is being written. */
export function useTyping(conversation: string): () => void {
  const api = useApi();
  const told = useRef(0);
  return () => {
    if (Date.now() - told.current < REPEAT) return;
    told.current = Date.now();
    void showPresence(api, conversation, "typing").catch(() => undefined);
  };
}
