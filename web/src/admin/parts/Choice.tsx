import type { ReactNode } from "react";
import { Checkbox } from "~/ui/Checkbox";

interface ChoiceProps {
  legend: string;
  hint?: ReactNode;
  error?: string;
  options: { value: string; label: string }[];
  chosen: string[];
  onChange(chosen: string[]): void;
}

/** Any number of some options. */
export function Choice({ legend, hint, error, options, chosen, onChange }: ChoiceProps) {
  const toggle = (value: string, on: boolean) =>
    onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value));
  return (
    <fieldset>
      <legend className="text-chip font-medium">{legend}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1 pt-1">
        {options.map(({ value, label }) => (
          <Checkbox key={value} label={label} checked={chosen.includes(value)} onChange={(on) => toggle(value, on)} />
        ))}
      </div>
      {hint && <p className="text-meta text-text-3">{hint}</p>}
      {error && (
        <p role="alert" className="text-meta text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}
