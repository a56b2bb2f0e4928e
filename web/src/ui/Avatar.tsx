import { clsx } from "clsx";
import { ChannelGlyph } from "./ChannelGlyph";

interface AvatarProps {
  name: string;
  /** Adds the channel's badge at the corner. */
  channel?: string;
  size?: 20 | 24 | 32 | 40;
}

const sizes = { 20: "size-5 text-[9px]", 24: "size-6 text-[10px]", 32: "size-8 text-meta", 40: "size-10 text-chip" };

/** Initials on a quiet ground. Decoration: the name stands beside it, or the caller labels it. */
export function Avatar({ name, channel, size = 32 }: AvatarProps) {
  return (
    <span aria-hidden className="relative inline-flex shrink-0">
      <span
        className={clsx(
          "inline-flex items-center justify-center rounded-full bg-raised font-semibold text-text-2 select-none",
          sizes[size],
        )}
      >
        {initials(name)}
      </span>
      {channel && (
        <span className="absolute -right-1 -bottom-1 rounded-full bg-surface p-px">
          <ChannelGlyph channel={channel} size={14} />
        </span>
      )}
    </span>
  );
}

/** The first letters of the first and the last word; of "ana.p" its first. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined];
  return (
    letters
      .map((word) => (word ? (Array.from(word)[0] ?? "") : ""))
      .join("")
      .toUpperCase() || "?"
  );
}
