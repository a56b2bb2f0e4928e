import { clsx } from "clsx";
import type { ReactNode } from "react";

export interface Column<T> {
  key: string;
  title: string;
  /** The title is for screen readers only. */
  hideTitle?: boolean;
  /** What names the row: at most one column. */
  names?: boolean;
  /** Numbers, at the right. */
  numeric?: boolean;
  cell(row: T): ReactNode;
}

interface TableProps<T> {
  /** Names the table. */
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey(row: T): string;
}

/** A table that scrolls sideways where it is too wide, also by keyboard. */
export function Table<T>({ label, columns, rows, rowKey }: TableProps<T>) {
  return (
    <div
      role="region"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard has to get there
      tabIndex={0}
      className="overflow-x-auto rounded-control border border-line bg-surface"
    >
      <table className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line text-chip text-text-2">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={clsx(cell, "font-medium whitespace-nowrap", column.numeric && "text-right")}
              >
                <span className={clsx(column.hideTitle && "sr-only")}>{column.title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line last:border-0">
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const cell = "px-3 py-2";

function Cell<T>({ column, row }: { column: Column<T>; row: T }) {
  const className = clsx(cell, column.numeric && "text-right tabular-nums");
  const content = column.cell(row);
  if (!column.names) return <td className={className}>{content}</td>;
  return (
    <th scope="row" className={clsx(className, "font-medium")}>
      {content}
    </th>
  );
}
