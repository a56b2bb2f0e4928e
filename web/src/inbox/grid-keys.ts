import type { KeyboardEvent } from "react";
import type { Conversation } from "~/api/types";
import type { Focus } from "./focus";
import type { Selection } from "./selection";

interface GridKeys {
  rows: Conversation[];
  focus: Focus;
  selection: Selection;
  onOpen(id: string): void;
  onSelect(id: string, range: boolean): void;
}

/** Keys while a row has the focus: arrows move it, Enter opens, Space selects. */
export function useGridKeys(
  { rows, focus, selection, onOpen, onSelect }: GridKeys,
  focused: number,
  page: () => number,
) {
  return (event: KeyboardEvent) => {
    if (event.altKey) return;
    const at = Math.max(0, focused);
    const row = rows[at];
    const target = targetOf(event.key, at, rows.length, page);
    const next = target === null ? undefined : rows[target];
    if (next) {
      focus.set(next.id, true);
      if (event.shiftKey) onSelect(next.id, true);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a")
      selection.set(rows.map((each) => each.id));
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === "Enter" && row) onOpen(row.id);
    else if (event.key === " " && row) onSelect(row.id, event.shiftKey);
    else if (event.key === "Escape" && selection.ids.size > 0) selection.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function targetOf(key: string, at: number, count: number, page: () => number): number | null {
  const last = count - 1;
  const within = (index: number) => Math.min(last, Math.max(0, index));
  switch (key) {
    case "ArrowDown":
      return within(at + 1);
    case "ArrowUp":
      return within(at - 1);
    case "PageDown":
      return within(at + Math.max(1, page()));
    case "PageUp":
      return within(at - Math.max(1, page()));
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
