import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { Spinner } from "./Spinner";

type Variant = "primary" | "secondary" | "quiet" | "danger";

const looks: Record<Variant, string> = {
  primary: "bg-accent text-on-accent font-medium hover:opacity-90",
  secondary: "border border-control bg-surface text-text hover:bg-raised",
  quiet: "text-text hover:bg-raised",
  danger: "border border-bad bg-surface text-bad font-medium hover:bg-bad-soft",
};

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: Variant;
  /** Shows that what was pressed is under way, and takes no second press. */
  busy?: boolean;
}

export function Button({ variant = "secondary", busy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={clsx(
        "touch-target inline-flex min-h-8 items-center justify-center gap-2 rounded-control px-3 text-body whitespace-nowrap disabled:opacity-50",
        looks[variant],
        className,
      )}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}
