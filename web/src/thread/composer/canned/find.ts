import type { CannedReply } from "~/api/types";

/** The replies that fit what was typed, the best first: by shortcut, then title, then text; of equals the one that is used most. */
export function findReplies(replies: readonly CannedReply[], query: string, channel: string): CannedReply[] {
  const wanted = query.toLowerCase();
  return replies
    .filter(({ channels }) => channels.length === 0 || channels.includes(channel))
    .map((reply) => ({ reply, rank: rankOf(reply, wanted) }))
    .filter(({ rank }) => rank < NEVER)
    .toSorted(
      (a, b) => a.rank - b.rank || b.reply.uses - a.reply.uses || a.reply.shortcut.localeCompare(b.reply.shortcut),
    )
    .map(({ reply }) => reply);
}

const NEVER = 9;

function rankOf({ shortcut, title, text }: CannedReply, wanted: string): number {
  const [short, long] = [shortcut.toLowerCase(), title.toLowerCase()];
  if (short === wanted) return 0;
  if (short.startsWith(wanted)) return 1;
  if (long.startsWith(wanted)) return 2;
  if (short.includes(wanted) || long.includes(wanted)) return 3;
  if (isSubsequence(wanted, short)) return 4;
  if (isSubsequence(wanted, long)) return 5;
  return text.toLowerCase().includes(wanted) ? 6 : NEVER;
}

/** Whether all letters stand in a word in their order: "rfd" in "refund". */
function isSubsequence(letters: string, word: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = word.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
