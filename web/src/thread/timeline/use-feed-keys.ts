import type { KeyboardEvent } from "react";
import type { Row } from "./rows";

interface FeedKeys {
  rows: Row[];
  /** The row that has the focus; -1: none had it yet. */
  current: number;
  virtualizer: { scrollToIndex(index: number, options?: { align?: "auto" }): void };
  setCurrent(key: string): void;
}

const steps: Record<string, -1 | 1> = { PageUp: -1, PageDown: 1 };

/** Page Up and Page Down go from article to article, Ctrl+Home and Ctrl+End out of the feed, as in any feed. */
export function useFeedKeys({ rows, current, virtualizer, setCurrent }: FeedKeys) {
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      leave(event.currentTarget, event.key === "Home");
      return;
    }
    const step = steps[event.key];
    if (step === undefined || event.target instanceof HTMLTextAreaElement) return;
    event.preventDefault();
    const next = nextArticle(rows, current < 0 ? rows.length - 1 : current, step);
    const row = rows[next];
    if (!row) return;
    setCurrent(row.key);
    virtualizer.scrollToIndex(next, { align: "auto" });
    const feed = event.currentTarget;
    requestAnimationFrame(() => feed.querySelector<HTMLElement>(`article[data-index="${next}"]`)?.focus());
  };
}

/** Days and the unread line are no articles: they are read with what is below them. */
function nextArticle(rows: Row[], from: number, step: -1 | 1): number {
  let at = from + step;
  while (rows[at] && (rows[at]?.type === "day" || rows[at]?.type === "unread")) at += step;
  return at;
}

const focusable = 'a[href], button:not(:disabled), textarea, input, select, [tabindex="0"]';

/** Puts the focus on what comes before or after the feed in the conversation. */
function leave(feed: HTMLElement, before: boolean) {
  const around = [...(feed.closest("section") ?? document).querySelectorAll<HTMLElement>(focusable)].filter(
    (each) => !feed.contains(each),
  );
  const position = before ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  const beyond = around.filter((each) => feed.compareDocumentPosition(each) & position);
  (before ? beyond.at(-1) : beyond[0])?.focus();
}
