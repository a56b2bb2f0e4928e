import type { Config } from "./config";
import * as oidc from "./oidc";

const tokensKey = "omni.tokens";
// Fetched this long before the end, so that a request under way does not outlive its token.
const early = 60_000;

/** Who is signed in on this device. All tabs share it. */
export interface Session {
  readonly config: Config;
  /** The bearer, refreshed when needed; null: nobody is signed in. Throws when the issuer cannot be reached. */
  token(fresh?: boolean): Promise<string | null>;
  signedIn(): boolean;
  /** Leaves the page for the issuer's, and comes back to where the agent was. */
  signIn(returnTo?: string): Promise<void>;
  /** Takes the issuer's answer; gives where to go on. */
  complete(query: URLSearchParams): Promise<string>;
  signOut(): Promise<void>;
  /** Forgets tokens that the server refuses. */
  forget(): void;
  subscribe(listener: () => void): () => void;
}

export function createSession(config: Config): Session {
  const listeners = new Set<() => void>();
  const changed = () => listeners.forEach((listener) => listener());
  const keep = (tokens: oidc.Tokens | null) => {
    if (tokens) localStorage.setItem(tokensKey, JSON.stringify(tokens));
    else localStorage.removeItem(tokensKey);
    changed();
  };
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    if (key !== tokensKey) return;
    // Another agent came in by another tab: nothing that this one holds is theirs.
    if (subjectOf(oldValue) !== subjectOf(newValue) && oldValue && newValue) location.reload();
    else changed();
  });

  return {
    config,
    signedIn: () => kept() !== null,
    async token(fresh = false) {
      const tokens = kept();
      if (!tokens) return null;
      if (!fresh && tokens.expiresAt - early > Date.now()) return tokens.idToken;
      return alone(() => renewed(config, tokens, keep));
    },
    async signIn(returnTo = location.pathname + location.search) {
      location.assign(await oidc.authorizeUrl(config, returnTo));
    },
    async complete(query) {
      const { tokens, returnTo } = await oidc.exchange(config, query);
      keep(tokens);
      return returnTo;
    },
    async signOut() {
      const url = await oidc.logoutUrl(config, kept()?.idToken).catch(() => null);
      keep(null);
      if (url) location.assign(url);
    },
    forget: () => keep(null),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function kept(): oidc.Tokens | null {
  try {
    return JSON.parse(localStorage.getItem(tokensKey) ?? "null") as oidc.Tokens | null;
  } catch {
    return null;
  }
}

function subjectOf(stored: string | null): unknown {
  try {
    return stored && oidc.claimsOf((JSON.parse(stored) as oidc.Tokens).idToken).sub;
  } catch {
    return null;
  }
}

// A refresh token may be used once: of several tabs one asks, the others take what it got.
async function renewed(config: Config, before: oidc.Tokens, keep: (tokens: oidc.Tokens | null) => void) {
  const now = kept();
  if (!now) return null;
  if (now.idToken !== before.idToken) return now.idToken;
  try {
    const tokens = await oidc.refresh(config, now);
    keep(tokens);
    return tokens.idToken;
  } catch (error) {
    if (!(error instanceof oidc.Refused)) throw error;
    keep(null);
    return null;
  }
}

let queue: Promise<unknown> = Promise.resolve();

function alone<T>(work: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request("omni.tokens", work) as Promise<T>;
  const turn = queue.then(work, work);
  queue = turn.catch(() => undefined);
  return turn;
}
