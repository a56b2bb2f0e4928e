import type { Style } from "./style";

export interface Marked {
  text: string;
  ranges: { start: number; end: number; style: Style }[];
}

interface Mark {
  pattern: RegExp;
  style: Style;
}

/**
 * WhatsApp's marks: *bold*, _italic_, ~strike~, `code` and ```blocks```. A mark counts at the edge of a word only, and not beside the blank
 * inside it, so that snake_case_names and 2 * 3 * 4 stay what they are.
 */
const MARKS: Mark[] = [
  { pattern: /```([\s\S]+?)```/g, style: "pre" },
  { pattern: /(?<![\p{L}\p{N}`])`(?!\s)([^`\n]+?)(?<!\s)`(?![\p{L}\p{N}`])/gu, style: "code" },
  { pattern: /(?<![\p{L}\p{N}*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\p{L}\p{N}*])/gu, style: "bold" },
  { pattern: /(?<![\p{L}\p{N}_])_(?!\s)([^_\n]+?)(?<!\s)_(?![\p{L}\p{N}_])/gu, style: "italic" },
  { pattern: /(?<![\p{L}\p{N}~])~(?!\s)([^~\n]+?)(?<!\s)~(?![\p{L}\p{N}~])/gu, style: "strikethrough" },
];

const VERBATIM: Style[] = ["pre", "code"];

interface Found {
  start: number; // of the opening mark
  end: number; // after the closing mark
  width: number; // of one mark
  style: Style;
}

/** Takes the marks out of a text and says what they marked. */
export function readMarks(text: string): Marked {
  const found: Found[] = [];
  for (const { pattern, style } of MARKS) {
    for (const match of text.matchAll(pattern)) {
      const mark = { start: match.index, end: match.index + match[0].length, style };
      const width = style === "pre" ? 3 : 1;
      if (!found.some((other) => crosses(other, mark))) found.push({ ...mark, width });
    }
  }
  return strip(text, found);
}

/** Two marks cross when they overlap without one lying in the other; nothing within code is a mark. */
function crosses(other: Found, mark: { start: number; end: number }): boolean {
  const overlaps = mark.start < other.end && mark.end > other.start;
  if (!overlaps) return false;
  const inside = mark.start >= other.start && mark.end <= other.end;
  if (inside) return VERBATIM.includes(other.style);
  return !(mark.start < other.start && mark.end > other.end);
}

function strip(text: string, found: Found[]): Marked {
  const gone = found
    .flatMap(({ start, end, width }) => [
      { start, end: start + width },
      { start: end - width, end },
    ])
    .toSorted((a, b) => a.start - b.start);
  let kept = "";
  let at = 0;
  for (const hole of gone) {
    kept += text.slice(at, hole.start);
    at = hole.end;
  }
  kept += text.slice(at);
  const moved = (position: number) =>
    position - gone.filter((hole) => hole.end <= position).reduce((sum, hole) => sum + hole.end - hole.start, 0);
  return {
    text: kept,
    ranges: found.map(({ start, end, width, style }) => ({
      start: moved(start + width),
      end: moved(end - width),
      style,
    })),
  };
}
