import { useCallback, useMemo, useState } from "react";

export interface Selection {
  ids: ReadonlySet<string>;
  toggle(id: string): void;
  /** Selects everything between the last one that was touched and this one. */
  extendTo(id: string, order: string[]): void;
  set(ids: string[]): void;
  clear(): void;
}

/** Which conversations are selected: by id, so that no reordering ever changes it. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string | null>(null);

  const toggle = useCallback((id: string) => {
    setAnchor(id);
    setIds((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const extendTo = useCallback(
    (id: string, order: string[]) => {
      const ends = [order.indexOf(anchor ?? id), order.indexOf(id)].toSorted((a, b) => a - b);
      const [from = 0, to = 0] = ends;
      if (from < 0) return toggle(id);
      setIds((before) => new Set([...before, ...order.slice(from, to + 1)]));
    },
    [anchor, toggle],
  );
  const set = useCallback((next: string[]) => setIds(new Set(next)), []);
  const clear = useCallback(() => setIds(new Set()), []);
  return useMemo(() => ({ ids, toggle, extendTo, set, clear }), [ids, toggle, extendTo, set, clear]);
}
