import { useState } from "react";
import { t } from "../text";
import { emojiGroups, findEmoji } from "./data";
import { EmojiGrid } from "./EmojiGrid";

/** All emoji by group, or those whose name has what is typed. */
export default function EmojiPicker({ onChoose }: { onChoose(emoji: string): void }) {
  const [query, setQuery] = useState("");
  const found = query.trim() ? findEmoji(query) : null;
  return (
    <div className="flex w-72 flex-col gap-2">
      <input
        type="search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        aria-label={t("emoji.search")}
        placeholder={t("emoji.search")}
        className="field"
      />
      <div className="h-64 overflow-y-auto">
        {found?.length === 0 && <p className="p-2 text-text-2">{t("emoji.none")}</p>}
        {found && <EmojiGrid emoji={found} onChoose={onChoose} />}
        {!found &&
          emojiGroups.map(([group, emoji]) => (
            <section key={group} aria-label={t(`emoji.${group}`)}>
              <h3 className="px-1 pt-2 text-meta text-text-3">{t(`emoji.${group}`)}</h3>
              <EmojiGrid emoji={emoji} onChoose={onChoose} />
            </section>
          ))}
      </div>
    </div>
  );
}
