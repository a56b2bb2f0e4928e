import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useEffect, useRef } from "react";
import type { Conversation } from "~/api/types";
import { type Focus, useKeptFocus, useTakenFocus } from "./focus";
import { useGridKeys } from "./grid-keys";
import { Row } from "./Row";
import type { InboxSearch, View } from "./search";
import type { Selection } from "./selection";
import { t } from "./text";

interface GridProps {
  rows: Conversation[];
  /** Whether more than the rows exists. */
  more: boolean;
  view: View;
  search: InboxSearch;
  open: string | null;
  selection: Selection;
  compact: boolean;
  focus: Focus;
  onOpen(id: string): void;
  onSelect(id: string, range: boolean): void;
  /** The rows that are loaded are nearly used up. */
  onEnd(): void;
  onScrolled(scrolled: boolean): void;
  /** Comes after the last row. */
  footer: ReactNode;
}

const heights = { comfortable: 72, compact: 56 };
const nearEnd = 20;
const scrolledFrom = 24;

/** The rows: only those in sight exist, and the one that has the focus. */
export function Grid(props: GridProps) {
  const { rows, more, selection, compact, focus, onEnd, onScrolled } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const height = compact ? heights.compact : heights.comfortable;
  const focused = rows.findIndex((row) => row.id === focus.id);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    rangeExtractor: useCallback((range: Range) => withRow(defaultRangeExtractor(range), focused), [focused]),
  });
  useEffect(() => virtualizer.measure(), [virtualizer, height]);

  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - nearEnd) onEnd();
  }, [more, last, rows.length, onEnd]);

  useTakenFocus(scroller, focus, () => focused >= 0 && virtualizer.scrollToIndex(focused, { align: "auto" }));
  useKeptFocus(scroller, rows, focus, focused);
  const onKeyDown = useGridKeys(props, focused, () => Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={t("list.label")}
      aria-rowcount={more ? -1 : rows.length}
      aria-multiselectable
      data-pane-entry
      onKeyDown={onKeyDown}
      onFocus={(event) => noteFocus(event.target, focus)}
      onScroll={(event) => onScrolled(event.currentTarget.scrollTop > scrolledFrom)}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
    >
      <div role="rowgroup" className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start, size }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <Row
              key={row.id}
              conversation={row}
              view={props.view}
              search={props.search}
              position={index + 1}
              top={start}
              height={size}
              open={row.id === props.open}
              selected={selection.ids.has(row.id)}
              selecting={selection.ids.size > 0}
              entry={focused < 0 ? index === 0 : index === focused}
              compact={compact}
              onSelect={props.onSelect}
            />
          );
        })}
      </div>
      {props.footer}
    </div>
  );
}

// However a row came by the focus, by Tab or by the pointer, the keys are about it.
function noteFocus(target: Element, focus: Focus) {
  const id = target.closest<HTMLElement>("[data-id]")?.dataset.id;
  if (id && id !== focus.id) focus.set(id);
}

// A row that has the focus and scrolls away must not take the focus with it.
function withRow(range: number[], row: number): number[] {
  if (row < 0 || range.includes(row)) return range;
  return [...range, row].toSorted((a, b) => a - b);
}
