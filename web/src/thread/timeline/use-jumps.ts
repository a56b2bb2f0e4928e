import { useCallback, useRef, useState } from "react";
import type { Jump } from "./Timeline";

interface Jumps {
  /** The message around which the timeline is loaded; null: its newest end. */
  around: string | null;
  jump: Jump | null;
  /** loaded: the message is in the part that is shown. */
  jumpTo(message: string, loaded: boolean): void;
  toLatest(): void;
}

/** Where in the history the agent is: asked for by the address, by a quote, by a search. */
export function useJumps(asked: string | null): Jumps {
  const turn = useRef(0);
  const [place, setPlace] = useState<Pick<Jumps, "around" | "jump">>(() => placeOf(asked, 0));
  const [followed, setFollowed] = useState(asked);
  if (asked !== followed) {
    setFollowed(asked);
    if (asked) setPlace(placeOf(asked, -1));
  }
  const jumpTo = useCallback((message: string, loaded: boolean) => {
    const next = placeOf(message, ++turn.current);
    setPlace((now) => (loaded ? { ...next, around: now.around } : next));
  }, []);
  const toLatest = useCallback(() => setPlace({ around: null, jump: null }), []);
  return { ...place, jumpTo, toLatest };
}

const placeOf = (message: string | null, turn: number) => ({
  around: message,
  jump: message ? { message, turn } : null,
});
