import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  hint?: ReactNode;
  /** What the reader can do about it. */
  children?: ReactNode;
  /** An alert is announced: for failures only. */
  alert?: boolean;
}

/** Nothing yet, nothing that matches, or could not be loaded: three different sentences of the caller's. */
export function EmptyState({ icon: Icon, title, hint, children, alert = false }: EmptyStateProps) {
  return (
    <div
      role={alert ? "alert" : undefined}
      className="flex h-full flex-col items-center justify-center gap-2 p-6 text-center text-text-2"
    >
      <Icon aria-hidden size={28} strokeWidth={1.5} className="text-text-3" />
      <p className="text-title font-medium text-text">{title}</p>
      {hint && <p className="max-w-80">{hint}</p>}
      {children && <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
