import type { ComponentProps } from "react";

interface CheckboxProps extends Omit<ComponentProps<"input">, "type" | "onChange" | "aria-label"> {
  label: string;
  /** The label is for screen readers only. */
  hideLabel?: boolean;
  onChange(checked: boolean): void;
}

export function Checkbox({ label, hideLabel = false, onChange, className, ...input }: CheckboxProps) {
  const box = (
    <input
      {...input}
      type="checkbox"
      aria-label={hideLabel ? label : undefined}
      onChange={(event) => onChange(event.target.checked)}
      className="size-4 shrink-0 accent-accent"
    />
  );
  if (hideLabel)
    return <span className={`inline-flex size-6 items-center justify-center ${className ?? ""}`}>{box}</span>;
  return (
    <label className={`flex min-h-6 items-center gap-2 ${className ?? ""}`}>
      {box}
      {label}
    </label>
  );
}
