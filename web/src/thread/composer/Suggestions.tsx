import type { ReactNode } from "react";

export interface Suggestion {
  id: string;
  title: ReactNode;
  detail?: ReactNode;
}

interface SuggestionsProps {
  /** Of the list, by which the editor names it and its options. */
  id: string;
  label: string;
  items: Suggestion[];
  active: number;
  onChoose(index: number): void;
}

/** What can be put in the place of the word at the cursor. The focus stays in the editor, whose keys go through it. */
export function Suggestions({ id, label, items, active, onChoose }: SuggestionsProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={label}
      className="absolute inset-x-2 bottom-full z-20 mb-1 max-h-64 overflow-y-auto rounded-control border border-line bg-surface p-1 shadow-overlay"
    >
      {items.map((item, index) => (
        <div
          key={item.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          tabIndex={-1}
          // Before the editor loses the focus to the press.
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(index);
          }}
          className={`cursor-pointer rounded-sm px-2 py-1 ${index === active ? "bg-selected" : ""}`}
        >
          <div className="font-medium">{item.title}</div>
          {item.detail && <div className="line-clamp-2 text-chip text-text-2">{item.detail}</div>}
        </div>
      ))}
    </div>
  );
}
