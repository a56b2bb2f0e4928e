import type { ReactNode } from "react";

/** JSON with a line for each member; anything else as it is. */
export function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** Text of a machine: it scrolls on its own. */
export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <figure>
      <figcaption className="text-chip font-medium">{title}</figcaption>
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard has to get there
        tabIndex={0}
        className="mt-1 max-h-96 overflow-auto rounded-control bg-raised p-3 font-mono text-meta"
      >
        {children}
      </pre>
    </figure>
  );
}
