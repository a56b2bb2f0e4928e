import type { TextLimit } from "~/api/types";
import { countOf, split } from "./limits";
import { t } from "./text";

interface CounterProps {
  limit: TextLimit;
  text: string;
  /** A text that is too long goes as several messages. */
  divided?: boolean;
}

/** How much of the limit is used, in the platform's own unit; nothing until it matters. */
export function Counter({ limit, text, divided = false }: CounterProps) {
  const count = countOf(limit, text);
  if (!count) return null;
  const used = t(limit.unit === "bytes" ? "counter.bytes" : "counter.characters", {
    length: count.length,
    max: count.max,
  });
  return (
    <span className={`text-meta tabular-nums ${count.over && !divided ? "font-medium text-bad" : "text-text-2"}`}>
      {count.over && divided ? t("counter.divided", { n: split(limit, text).length, used }) : used}
    </span>
  );
}
