import { clsx } from "clsx";

/** The shape of what is coming; className gives it its final size. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("animate-pulse rounded-control bg-raised", className)} />;
}
