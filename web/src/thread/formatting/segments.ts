import type { Span } from "~/api/types";
import { findLinks } from "./links";
import { readMarks } from "./marks";
import type { Style } from "./style";

/** A piece of text in which nothing changes. */
export interface Segment {
  text: string;
  styles: ReadonlySet<Style>;
  href?: string;
}

interface Range {
  start: number;
  end: number;
  style?: Style;
  href?: string;
}

const STYLES: Record<string, Style> = {
  bold: "bold",
  italic: "italic",
  underline: "underline",
  strikethrough: "strikethrough",
  spoiler: "spoiler",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  mention: "highlight",
  hashtag: "highlight",
  cashtag: "highlight",
  command: "highlight",
};

/** Where a link may lead to: everything else, javascript: above all, stays text. */
const SAFE_LINK = /^(https?|mailto|tel):/i;

export function safeHref(url: string | undefined): string | undefined {
  return url !== undefined && SAFE_LINK.test(url) ? url : undefined;
}

/**
 * Divides a text into pieces by its formatting. Channels that tell the formatting apart give spans; in WhatsApp's texts the marks are part of
 * the text. Links, addresses and telephone numbers become links in both.
 */
export function segmentsOf(text: string, spans: readonly Span[] | undefined, marked: boolean): Segment[] {
  if (spans && spans.length > 0) return cut(text, [...spanRanges(text, spans), ...linkRanges(text)]);
  if (!marked) return cut(text, linkRanges(text));
  const read = readMarks(text);
  return cut(read.text, [...read.ranges, ...linkRanges(read.text)]);
}

function spanRanges(text: string, spans: readonly Span[]): Range[] {
  const units = unitsOfPoints(text);
  return spans.map((span) => {
    const start = units[span.offset] ?? text.length;
    const end = units[span.offset + span.length] ?? text.length;
    return { start, end, style: STYLES[span.type], href: spanHref(span, text.slice(start, end)) };
  });
}

function spanHref(span: Span, text: string): string | undefined {
  switch (span.type) {
    case "link":
      return safeHref(span.url ?? (/^[\w-]+(\.[\w-]+)+/.test(text) ? `https://${text}` : text));
    case "email":
      return `mailto:${text}`;
    case "phone":
      return `tel:${text.replace(/[^+\d]/g, "")}`;
  }
  return undefined;
}

/** For each code point of the text, and for its end, where it begins in UTF-16 code units. */
function unitsOfPoints(text: string): number[] {
  const units: number[] = [];
  let at = 0;
  for (const point of text) {
    units.push(at);
    at += point.length;
  }
  units.push(at);
  return units;
}

function linkRanges(text: string): Range[] {
  return findLinks(text).map(({ start, end, href }) => ({ start, end, href }));
}

/** Cuts a text at every border of a range. Of two links over the same text the first wins. */
function cut(text: string, ranges: readonly Range[]): Segment[] {
  const known = ranges.filter((range) => range.style !== undefined || range.href !== undefined);
  const borders = new Set([0, text.length]);
  for (const { start, end } of known) borders.add(start).add(end);
  const sorted = [...borders].toSorted((a, b) => a - b);
  const segments: Segment[] = [];
  for (const [n, end] of sorted.entries()) {
    const start = sorted[n - 1];
    if (start === undefined) continue;
    const here = known.filter((range) => range.start <= start && range.end >= end);
    segments.push({
      text: text.slice(start, end),
      styles: new Set(here.flatMap((range) => range.style ?? [])),
      href: here.find((range) => range.href !== undefined)?.href,
    });
  }
  return joinLinks(segments);
}

/** Neighbours that look alike and lead to the same place are one piece, so that a link is one stop of the keyboard. */
function joinLinks(segments: Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (last && last.href === segment.href && sameStyles(last.styles, segment.styles)) last.text += segment.text;
    else joined.push({ ...segment });
  }
  return joined;
}

function sameStyles(a: ReadonlySet<Style>, b: ReadonlySet<Style>): boolean {
  return a.size === b.size && [...a].every((style) => b.has(style));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}|[#*0-9]\u{FE0F}?\u{20E3}/u;

/** Emoji-only texts are shown larger, as long as they are few. */
const LARGE_EMOJI = 6;

/** Whether a text is nothing but a few emoji. */
export function isEmojiOnly(text: string): boolean {
  const characters = [...graphemes.segment(text.trim())].map(({ segment }) => segment).filter((s) => s.trim() !== "");
  return (
    characters.length > 0 &&
    characters.length <= LARGE_EMOJI &&
    characters.every((character) => PICTOGRAPH.test(character))
  );
}
