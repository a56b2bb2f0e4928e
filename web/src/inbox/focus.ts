import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation } from "~/api/types";

/** Which row has the focus, or gets it when the list does. */
export interface Focus {
  id: string | null;
  /** Grows whenever the row is to take the focus. */
  turn: number;
  /** take: the page's focus goes there, wherever it was. */
  set(id: string | null, take?: boolean): void;
}

export function useRowFocus(): Focus {
  const [{ id, turn }, setState] = useState<{ id: string | null; turn: number }>({ id: null, turn: 0 });
  return useMemo(
    () => ({
      id,
      turn,
      set: (next: string | null, take = false) =>
        setState((before) => ({ id: next, turn: before.turn + (take ? 1 : 0) })),
    }),
    [id, turn],
  );
}

/** Gives the row the page's focus whenever it is its turn, bringing it into sight first. */
export function useTakenFocus(scroller: RefObject<HTMLElement | null>, focus: Focus, bringIntoSight: () => void): void {
  const { id, turn } = focus;
  const latest = useRef(bringIntoSight);
  useEffect(() => {
    latest.current = bringIntoSight;
  });
  useEffect(() => {
    if (turn === 0 || id === null) return;
    latest.current();
    rowOf(scroller, id)?.focus({ preventScroll: true });
  }, [scroller, id, turn]);
}

/** When the row with the focus leaves the list, the one in its place takes over: the focus never falls to the page. */
export function useKeptFocus(
  scroller: RefObject<HTMLElement | null>,
  rows: Conversation[],
  focus: Focus,
  focused: number,
): void {
  const place = useRef(0);
  const had = useRef(false);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // A row that is removed loses the focus without a word; where it went is known only when something else gets it.
    const gained = () => (had.current = true);
    const lost = (event: FocusEvent) => {
      if (event.relatedTarget) had.current = element.contains(event.relatedTarget as Node);
    };
    element.addEventListener("focusin", gained);
    element.addEventListener("focusout", lost);
    return () => {
      element.removeEventListener("focusin", gained);
      element.removeEventListener("focusout", lost);
    };
  }, [scroller]);
  useEffect(() => {
    if (focused >= 0) {
      place.current = focused;
      return;
    }
    const next = rows[Math.min(place.current, rows.length - 1)];
    if (focus.id === null || !next) return;
    focus.set(next.id, had.current && document.activeElement === document.body);
  }, [rows, focus, focused]);
}

const rowOf = (scroller: RefObject<HTMLElement | null>, id: string) =>
  scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
