import { X } from "lucide-react";
import type { Label } from "~/api/types";

/** A label: its colour as a dot, its name as text. */
export function LabelChip({ label, onRemove, removeText }: { label: Label; onRemove?(): void; removeText?: string }) {
  return (
    <span className="inline-flex h-5 max-w-40 shrink-0 items-center gap-1 rounded-full border border-line px-1.5 text-meta text-text-2">
      <LabelDot color={label.color} />
      <span className="truncate">{label.name}</span>
      {onRemove && (
        <button
          type="button"
          aria-label={removeText}
          onClick={onRemove}
          className="-mr-1 inline-flex size-6 items-center justify-center"
        >
          <X aria-hidden size={12} />
        </button>
      )}
    </span>
  );
}

export const LabelDot = ({ color }: { color: string }) => (
  <span aria-hidden className="size-2 shrink-0 rounded-full border border-line" style={{ backgroundColor: color }} />
);
