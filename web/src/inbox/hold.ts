// While somebody is about to click, rows must not move under the pointer.
import { useEffect, useMemo, useRef, useState } from "react";
import type { Conversation } from "~/api/types";

/** What a list shows while its order is held. */
export interface Held {
  rows: Conversation[];
  /** How many conversations wait to come in, or up. */
  news: number;
}

/**
 * Keeps the rows of `before` in their order, each as it is now. What left the list meanwhile stays, as it was last; what was taken out on
 * purpose, by `gone`, does not. Whatever belongs behind the last of them, because more was loaded, follows.
 */
export function hold(before: Conversation[], now: Conversation[], gone: (id: string) => boolean): Held {
  const current = new Map(now.map((each) => [each.id, each]));
  const kept = before.filter((each) => current.has(each.id) || !gone(each.id));
  const ids = new Set(kept.map((each) => each.id));
  const rows = kept.map((each) => current.get(each.id) ?? each);
  const lastKept = now.findLastIndex((each) => ids.has(each.id));
  const behind = lastKept < 0 && kept.length > 0 ? [] : now.slice(lastKept + 1).filter((each) => !ids.has(each.id));
  const ahead = now.slice(0, lastKept + 1).filter((each) => !ids.has(each.id)).length;
  return { rows: [...rows, ...behind], news: kept.length === 0 ? 0 : ahead };
}

/** Rows to show: in the order of the list, or, while held, in the order that was there when holding began. */
export function useHeld(now: Conversation[], held: boolean, listKey: string, gone: (id: string) => boolean): Held {
  const [frozen, setFrozen] = useState<{ rows: Conversation[]; listKey: string } | null>(null);
  if (held && frozen?.listKey !== listKey) setFrozen({ rows: now, listKey });
  if (!held && frozen) setFrozen(null);
  return useMemo(
    () => (held && frozen?.listKey === listKey ? hold(frozen.rows, now, gone) : { rows: now, news: 0 }),
    [held, frozen, now, listKey, gone],
  );
}

// How long after the last move of the pointer or key somebody is still taken to be at it.
const attention = 5_000;

/** Whether somebody is busy with an element: pointer, keys, or wheel within the last seconds. */
export function useAttention() {
  const [busy, setBusy] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const watch = useMemo(() => {
    const release = () => {
      clearTimeout(timer.current);
      setBusy(false);
    };
    const note = () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(release, attention);
      setBusy(true);
    };
    return {
      release,
      handlers: { onPointerMove: note, onPointerDown: note, onKeyDown: note, onPointerLeave: release },
    };
  }, []);
  return { busy, ...watch };
}
