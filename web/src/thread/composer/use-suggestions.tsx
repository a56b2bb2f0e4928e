import { type KeyboardEvent, useMemo, useState } from "react";
import { useApi } from "~/api/context";
import { usedCannedReply } from "~/api/operations";
import { useAgents, useCannedReplies } from "~/api/queries";
import type { Mode } from "~/drafts/drafts";
import { Avatar } from "~/ui/Avatar";
import { useThread } from "../context";
import { fill, pieces, valuesFor } from "./canned/fill";
import { findReplies } from "./canned/find";
import { cannedToken, mentionToken, replaceToken, type Token } from "./canned/token";
import type { Suggestion } from "./Suggestions";

/** So many are offered at once: typing on narrows them. */
const OFFERED = 8;

interface Offer extends Suggestion {
  /** What is put in the token's place. */
  text: string;
  chosen(): void;
}

interface SuggestionOptions {
  mode: Mode;
  text: string;
  cursor: number;
  replace(text: string, cursor: number): void;
  mention(agent: string): void;
}

/** What the word at the cursor may become: a canned reply after a slash, and in notes a colleague after an @. */
export function useSuggestions({ mode, text, cursor, replace, mention }: SuggestionOptions) {
  const [dismissed, setDismissed] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const token = (mode === "note" && mentionToken(text, cursor)) || cannedToken(text, cursor);
  const canned = useCannedOffers(token);
  const colleagues = useColleagueOffers(mode === "note" ? mentionToken(text, cursor) : null, mention);
  const items = mode === "note" && mentionToken(text, cursor) ? colleagues : canned;
  const name = token ? `${token.start}:${text[token.start]}` : null;
  const open = token !== null && items.length > 0 && dismissed !== name;
  const active = Math.min(at, items.length - 1);

  const choose = (index: number) => {
    const item = items[index];
    if (!item || !token) return;
    const next = replaceToken(text, token, item.text);
    replace(next.text, next.cursor);
    item.chosen();
    setAt(0);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!open || event.nativeEvent.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((active + step + items.length) % items.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) choose(active);
    else if (event.key === "Escape") setDismissed(name);
    else return false;
    event.preventDefault();
    return true;
  };
  return { open, items, active, choose, onKeyDown };
}

function useCannedOffers(token: Token | null): Offer[] {
  const api = useApi();
  const { conversation, me } = useThread();
  const { data: replies = [] } = useCannedReplies();
  const query = token?.query;
  return useMemo(() => {
    if (query === undefined) return [];
    const values = valuesFor(conversation, me);
    return findReplies(replies, query, conversation.channel)
      .slice(0, OFFERED)
      .map((reply) => {
        const text = fill(reply.text, values);
        return {
          id: reply.id,
          title: `/${reply.shortcut} · ${reply.title}`,
          detail: <Filled text={text} />,
          text,
          chosen: () => void usedCannedReply(api, reply.id).catch(() => undefined),
        };
      });
  }, [api, query, replies, conversation, me]);
}

/** A text with what is still missing in it told apart. */
function Filled({ text }: { text: string }) {
  return pieces(text).map((piece, n) => (
    // Pieces have no name but their place.
    // oxlint-disable-next-line react/no-array-index-key
    <span key={n} className={piece.gap ? "rounded-sm bg-warn-soft text-warn" : undefined}>
      {piece.text}
    </span>
  ));
}

function useColleagueOffers(token: Token | null, mention: (agent: string) => void): Offer[] {
  const { data: agents = [] } = useAgents();
  if (!token) return [];
  const wanted = token.query.toLowerCase();
  return agents
    .filter(
      ({ name, state }) =>
        state === "active" &&
        name
          .toLowerCase()
          .split(/\s+/)
          .some((part) => part.startsWith(wanted)),
    )
    .slice(0, OFFERED)
    .map(({ id, name }) => ({
      id,
      title: (
        <span className="flex items-center gap-2">
          <Avatar name={name} size={20} />
          {name}
        </span>
      ),
      text: `@${name} `,
      chosen: () => mention(id),
    }));
}
