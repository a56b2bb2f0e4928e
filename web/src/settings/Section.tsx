import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  intro?: string;
  children: ReactNode;
}

export function Section({ title, intro, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4 rounded-control border border-line bg-surface p-4">
      <div>
        <h2 id={id} className="text-title font-semibold">
          {title}
        </h2>
        {intro && <p className="text-text-2">{intro}</p>}
      </div>
      {children}
    </section>
  );
}
