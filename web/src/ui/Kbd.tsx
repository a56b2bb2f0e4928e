import { clsx } from "clsx";
import type { ReactNode } from "react";

/** A key. */
export function Kbd({ children, onDark = false }: { children: ReactNode; onDark?: boolean }) {
  return (
    <kbd
      className={clsx(
        "inline-flex h-5 min-w-5 items-center justify-center rounded-sm border px-1 font-sans text-meta",
        onDark ? "border-current" : "border-line bg-raised text-text-2",
      )}
    >
      {children}
    </kbd>
  );
}
