import { Check } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";

export interface PickerItem {
  id: string;
  label: string;
  /** Also found by it, and shown behind the label. */
  hint?: string;
  before?: ReactNode;
  /** Chosen now; null: chosen for some of several. */
  checked?: boolean | null;
}

interface PickerProps {
  /** What is picked: the name of the field and of the list. */
  label: string;
  items: PickerItem[];
  empty: string;
  onPick(item: PickerItem): void;
  /** Several can be chosen one after the other. */
  multiple?: boolean;
}

/** A list to pick from by typing: arrows move, Enter picks. For a popover or a dialog. */
export function Picker({ label, items, empty, onPick, multiple = false }: PickerProps) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const found = items.filter((item) => matches(item, typed));
  const active = Math.min(at, found.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = found[active];
    if (step) setAt((active + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter" && !event.nativeEvent.isComposing && item) onPick(item);
    else return;
    event.preventDefault();
  };

  return (
    <div className="flex w-64 max-w-full flex-col gap-2">
      <input
        className="field"
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={found[active] && `${id}-${found[active].id}`}
        placeholder={label}
        // A picker is opened to type into: it is what the agent asked for.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        aria-multiselectable={multiple}
        className="max-h-72 overflow-y-auto"
      >
        {found.map((item, index) => (
          <PickerOption
            key={item.id}
            id={`${id}-${item.id}`}
            item={item}
            active={index === active}
            onPick={onPick}
            onHover={() => setAt(index)}
          />
        ))}
      </div>
      {found.length === 0 && <p className="px-2 py-1 text-text-2">{empty}</p>}
    </div>
  );
}

interface OptionProps {
  id: string;
  item: PickerItem;
  active: boolean;
  onPick(item: PickerItem): void;
  onHover(): void;
}

function PickerOption({ id, item, active, onPick, onHover }: OptionProps) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={item.checked === true}
      ref={(node) => {
        if (active) node?.scrollIntoView?.({ block: "nearest" });
      }}
      className={`flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 ${active ? "bg-selected" : ""}`}
      onPointerMove={active ? undefined : onHover}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => onPick(item)}
      onKeyDown={(event) => event.key === "Enter" && onPick(item)}
    >
      {item.before}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.hint && <span className="truncate text-meta text-text-3">{item.hint}</span>}
      {item.checked === true && <Check aria-hidden size={16} />}
      {item.checked === null && <span aria-hidden className="h-0.5 w-3 bg-text-2" />}
    </div>
  );
}

function matches({ label, hint = "" }: PickerItem, typed: string): boolean {
  const text = plain(`${label} ${hint}`);
  return plain(typed)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

// So that "lopez" finds López.
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
