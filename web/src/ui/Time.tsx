import { ago, clockTime, fullTime } from "~/i18n/format";
import { useNow } from "~/i18n/clock";

interface TimeProps {
  at: string;
  /** ago: 2m, 9h, 3 Nov; clock: 10:41. */
  as?: "ago" | "clock";
  className?: string;
}

/** A time with the whole of it in its tooltip. */
export function Time({ at, as = "ago", className }: TimeProps) {
  const now = useNow();
  return (
    <time dateTime={at} title={fullTime(at)} className={className}>
      {as === "ago" ? ago(at, now) : clockTime(at)}
    </time>
  );
}
