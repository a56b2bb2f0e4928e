import { Switch as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";

interface SwitchProps {
  label: string;
  /** The label is for screen readers only: what it switches stands beside it, in a table say. */
  hideLabel?: boolean;
  hint?: ReactNode;
  checked: boolean;
  onChange(checked: boolean): void;
  disabled?: boolean;
}

export function Switch({ label, hideLabel = false, hint, checked, onChange, disabled }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <Radix.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative mt-0.5 h-5 w-9 shrink-0 rounded-full bg-control transition-colors disabled:opacity-50 data-[state=checked]:bg-accent"
      >
        <Radix.Thumb className="block size-4 translate-x-0.5 rounded-full bg-surface transition-transform data-[state=checked]:translate-x-[18px]" />
      </Radix.Root>
      <div>
        <label htmlFor={id} className={hideLabel ? "sr-only" : undefined}>
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-meta text-text-3">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
