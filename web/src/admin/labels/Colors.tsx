import { t } from "../text";

/** Colours that are told apart on a light and on a dark ground. The name always stands beside them. */
export const palette = [
  "#b42318",
  "#b54708",
  "#8a6d00",
  "#17713c",
  "#0b6fa4",
  "#1f5fbf",
  "#5b4bc4",
  "#b3246f",
  "#4a525c",
] as const;

interface ColorsProps {
  value: string;
  onChange(color: string): void;
  error?: string;
}

export function Colors({ value, onChange, error }: ColorsProps) {
  const choices = palette.some((color) => color === value) ? palette : [...palette, value];
  return (
    <fieldset>
      <legend className="text-chip font-medium">{t("labels.color")}</legend>
      <div className="flex flex-wrap gap-2 pt-1">
        {choices.map((color) => (
          <label key={color} className="relative inline-flex size-8 items-center justify-center">
            <input
              type="radio"
              name="color"
              value={color}
              checked={color === value}
              onChange={() => onChange(color)}
              aria-label={t("labels.colorOf", { color })}
              className="peer absolute inset-0 appearance-none rounded-full"
            />
            <span
              aria-hidden
              style={{ background: color }}
              className="pointer-events-none size-6 rounded-full ring-offset-2 ring-offset-surface peer-checked:ring-2 peer-checked:ring-text"
            />
          </label>
        ))}
      </div>
      {error && (
        <p role="alert" className="text-meta text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}
