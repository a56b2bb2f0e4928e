import { clsx } from "clsx";
import type { ReactNode } from "react";

export type Tone = "neutral" | "accent" | "ok" | "warn" | "bad";

const looks: Record<Tone, string> = {
  neutral: "bg-raised text-text-2",
  accent: "bg-accent text-on-accent",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};

/** A short word or number on a ground of its own. Its meaning is in its text, never in the colour alone. */
export function Badge({
  tone = "neutral",
  className,
  children,
}: {
  tone?: Tone;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      className={clsx(
        "inline-flex h-5 min-w-5 shrink-0 items-center justify-center gap-1 rounded-full px-1.5 text-meta font-medium tabular-nums",
        looks[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
