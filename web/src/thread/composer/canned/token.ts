/** What is typed after a slash at the start of a word, up to the cursor. */
export interface Token {
  /** Where the slash is. */
  start: number;
  end: number;
  query: string;
}

const SLASH = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u;
const AT = /(?:^|\s)@([\p{L}\p{N}_-]*)$/u;

/** The canned reply that is being looked for at the cursor, if one is. */
export const cannedToken = (text: string, cursor: number): Token | null => tokenBefore(SLASH, text, cursor);

/** The colleague that is being looked for at the cursor, if one is. */
export const mentionToken = (text: string, cursor: number): Token | null => tokenBefore(AT, text, cursor);

function tokenBefore(pattern: RegExp, text: string, cursor: number): Token | null {
  const match = pattern.exec(text.slice(0, cursor));
  const query = match?.[1];
  if (query === undefined) return null;
  return { start: cursor - query.length - 1, end: cursor, query };
}

/** Puts something in the place of a token, and says where the cursor then is. */
export function replaceToken(text: string, token: Token, by: string): { text: string; cursor: number } {
  return { text: text.slice(0, token.start) + by + text.slice(token.end), cursor: token.start + by.length };
}
