import type { ReactNode } from "react";

/** A part of what is known about a customer. */
export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t border-line px-4 py-3">
      <div className="mb-1 flex min-h-8 items-center justify-between gap-2">
        <h3 className="text-chip font-semibold text-text-2">{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}
