import { clsx } from "clsx";
import { type KeyboardEvent, useRef, useState } from "react";
import type { Emoji } from "./data";

interface EmojiGridProps {
  emoji: Emoji[];
  chosen?: string;
  onChoose(emoji: string): void;
}

const COLUMNS = 8;

const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };

/** A grid that is one stop of the Tab key; arrows go through it. */
export function EmojiGrid({ emoji, chosen, onChoose }: EmojiGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(emoji.length - 1, Math.max(0, at + step));
    setAt(next);
    grid.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div ref={grid} role="toolbar" tabIndex={-1} onKeyDown={onKeyDown} className="flex max-w-72 flex-wrap">
      {emoji.map(({ emoji: one, name }, n) => (
        <button
          key={one}
          type="button"
          title={name}
          aria-label={name}
          aria-pressed={chosen === undefined ? undefined : chosen === one}
          tabIndex={n === Math.min(at, emoji.length - 1) ? 0 : -1}
          onFocus={() => setAt(n)}
          onClick={() => onChoose(one)}
          className={clsx("size-9 rounded-control text-[1.25rem] hover:bg-raised", chosen === one && "bg-selected")}
        >
          {one}
        </button>
      ))}
    </div>
  );
}
