export interface FoundLink {
  start: number;
  end: number;
  href: string;
}

const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"]+/giu;
const MAIL = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/giu;
/** International only: other runs of digits are as often an order number as a telephone number. */
const PHONE = /(?<![\p{L}\p{N}+])\+\d[\d ().-]{6,18}\d(?!\p{N})/giu;

/** What ends a sentence does not belong to the link before it, unless it closes a bracket that the link opens. */
function withoutTail(link: string): string {
  let end = link.length;
  while (end > 0) {
    const last = link.charAt(end - 1);
    if (/[.,;:!?'"*_~]/.test(last)) end--;
    else if (last === ")" && !balanced(link.slice(0, end), "(", ")")) end--;
    else if (last === "]" && !balanced(link.slice(0, end), "[", "]")) end--;
    else break;
  }
  return link.slice(0, end);
}

function balanced(text: string, open: string, close: string): boolean {
  return text.split(open).length >= text.split(close).length;
}

/** The links, mail addresses and telephone numbers of a text, in their order and without overlaps. */
export function findLinks(text: string): FoundLink[] {
  const found: FoundLink[] = [];
  const add = (start: number, shown: string, href: string) => {
    const end = start + shown.length;
    if (!found.some((link) => start < link.end && end > link.start)) found.push({ start, end, href });
  };
  for (const match of text.matchAll(LINK)) {
    const shown = withoutTail(match[0]);
    const href = /^www\./i.test(shown) ? `https://${shown}` : shown;
    if (URL.canParse(href)) add(match.index, shown, href);
  }
  for (const match of text.matchAll(MAIL)) add(match.index, match[0], `mailto:${match[0]}`);
  for (const match of text.matchAll(PHONE)) add(match.index, match[0], `tel:${match[0].replace(/[^+\d]/g, "")}`);
  return found.toSorted((a, b) => a.start - b.start);
}
