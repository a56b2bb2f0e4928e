import type { TextLimit } from "~/api/types";

type TextUnit = TextLimit["unit"];

const encoder = new TextEncoder();

/** How long a text is, counted as the platform counts. */
export function lengthIn(unit: TextUnit, text: string): number {
  switch (unit) {
    case "bytes":
      return encoder.encode(text).length;
    case "utf16":
      return text.length;
    case "characters":
      return [...text].length;
  }
}

export function fits(limit: TextLimit, text: string): boolean {
  return lengthIn(limit.unit, text) <= limit.max;
}

/** From this share of the limit on the composer shows how much is left. */
const COUNTED_FROM = 0.8;

export interface Count {
  length: number;
  max: number;
  over: boolean;
}

/** The counter of a text, or null as long as nobody needs to see it. */
export function countOf(limit: TextLimit, text: string): Count | null {
  const length = lengthIn(limit.unit, text);
  if (limit.max <= 0 || length < limit.max * COUNTED_FROM) return null;
  return { length, max: limit.max, over: length > limit.max };
}

/** Where a text can be divided, the best first. What is left of each stays with the earlier piece. */
const PAUSES = ["\n\n", "\n", ". ", "! ", "? ", "。", "; ", ", ", " "];

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The messages that the server makes of a text: it divides one that is too long at the last pause in the second half of what fits, never
 * within what readers see as one character. Shown to the agent before they send, so it follows the same rule.
 */
export function split(limit: TextLimit, text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (!fits(limit, rest)) {
    const end = divide(limit, rest);
    const piece = rest.slice(0, end).trim();
    if (piece !== "") pieces.push(piece);
    rest = rest.slice(end).trim();
  }
  if (rest !== "" || pieces.length === 0) pieces.push(rest);
  return pieces;
}

function divide(limit: TextLimit, text: string): number {
  const most = fitting(limit, text);
  const start = text.slice(0, most);
  for (const pause of PAUSES) {
    const at = start.lastIndexOf(pause);
    if (at >= most / 2) return at + pause.length;
  }
  return most;
}

/** The length of the longest start that fits and ends with a whole character; one character at least. */
function fitting(limit: TextLimit, text: string): number {
  let length = 0;
  let end = 0;
  for (const { segment } of graphemes.segment(text)) {
    length += lengthIn(limit.unit, segment);
    if (length > limit.max && end > 0) break;
    end += segment.length;
    if (length > limit.max) break;
  }
  return end;
}
