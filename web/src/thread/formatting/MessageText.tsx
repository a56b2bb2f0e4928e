import { clsx } from "clsx";
import { type ReactNode, useState } from "react";
import type { Span } from "~/api/types";
import { t } from "../text";
import { isEmojiOnly, segmentsOf, type Segment } from "./segments";
import type { Style } from "./style";

interface MessageTextProps {
  text: string;
  format?: Span[];
  /** The channel writes its formatting into the text, as WhatsApp does. */
  marked?: boolean;
}

/** What a message says, with its formatting and its links. Emoji alone are larger. */
export function MessageText({ text, format, marked = false }: MessageTextProps) {
  if (isEmojiOnly(text)) {
    return (
      <p dir="auto" className="text-emoji">
        {text}
      </p>
    );
  }
  return (
    <p dir="auto" className="break-words whitespace-pre-wrap [overflow-wrap:anywhere]">
      {segmentsOf(text, format, marked).map((segment, n) => (
        // Pieces have no name but their place, and a text that changes is drawn anew.
        // oxlint-disable-next-line react/no-array-index-key
        <Piece key={n} segment={segment} />
      ))}
    </p>
  );
}

function Piece({ segment }: { segment: Segment }) {
  const { text, styles, href } = segment;
  if (styles.has("spoiler")) return <Spoiler>{linked(text, href)}</Spoiler>;
  if (styles.size === 0) return linked(text, href);
  return <span className={clsx([...styles].map((style) => looks[style]))}>{linked(text, href)}</span>;
}

const looks: Record<Style, string> = {
  bold: "font-semibold",
  italic: "italic",
  underline: "underline",
  strikethrough: "line-through",
  spoiler: "",
  code: "rounded-sm bg-bg px-1 font-mono text-chip",
  pre: "block overflow-x-auto rounded-sm bg-bg px-2 py-1 font-mono text-chip",
  blockquote: "block border-s-2 border-control ps-2",
  highlight: "text-link",
};

function linked(text: string, href: string | undefined): ReactNode {
  if (href === undefined) return text;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="underline underline-offset-2">
      {text}
    </a>
  );
}

/** What the sender hid until somebody asks for it. */
function Spoiler({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  if (shown) return <span className="rounded-sm bg-bg">{children}</span>;
  return (
    <button
      type="button"
      aria-label={t("text.spoiler")}
      onClick={() => setShown(true)}
      className="rounded-sm bg-text text-text select-none"
    >
      <span aria-hidden>{children}</span>
    </button>
  );
}
