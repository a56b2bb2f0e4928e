import type { ReactNode } from "react";

interface PageProps {
  title: string;
  intro?: ReactNode;
  /** The buttons of the whole page. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One page of the administration: what it is, what can be done, and its content. */
export function Page({ title, intro, actions, children }: PageProps) {
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-4 p-4 md:p-6">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="max-w-prose">
          <h1 className="text-page font-semibold">{title}</h1>
          {intro && <p className="text-text-2">{intro}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
