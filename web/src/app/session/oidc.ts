// OpenID Connect in the browser: authorization code with PKCE, for a public client.
import type { Config } from "./config";

export interface Tokens {
  /** The bearer: it carries name, email and groups. */
  idToken: string;
  refreshToken: string | null;
  /** By this device's clock, in milliseconds. */
  expiresAt: number;
}

interface Endpoints {
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint?: string;
}

/** The issuer refused: the agent has to sign in anew. Anything else may pass by itself. */
export class Refused extends Error {
  override readonly name = "Refused";
}

interface Attempt {
  verifier: string;
  nonce: string;
  /** Path and query to come back to. */
  returnTo: string;
}

const attemptKey = (state: string) => `omni.signin.${state}`;
export const redirectUri = () => `${location.origin}/callback`;

let known: Promise<Endpoints> | undefined;

function endpoints(config: Config): Promise<Endpoints> {
  known ??= discover(config).catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function discover(config: Config): Promise<Endpoints> {
  const response = await fetch(`${config.issuer}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`the issuer's configuration: HTTP ${response.status}`);
  return (await response.json()) as Endpoints;
}

/** Where to send the agent to sign in. What is needed to believe the answer is kept in this tab. */
export async function authorizeUrl(config: Config, returnTo: string): Promise<string> {
  const { authorization_endpoint } = await endpoints(config);
  const [state, verifier, nonce] = [random(), random(), random()];
  sessionStorage.setItem(attemptKey(state), JSON.stringify({ verifier, nonce, returnTo } satisfies Attempt));
  const url = new URL(authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: config.client_id,
    redirect_uri: redirectUri(),
    scope: "openid email profile",
    state,
    nonce,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: "S256",
  }).toString();
  return url.toString();
}

/** Turns the issuer's answer, the query of /callback, into tokens. An answer to a question of another tab is refused. */
export async function exchange(config: Config, query: URLSearchParams): Promise<{ tokens: Tokens; returnTo: string }> {
  const state = query.get("state") ?? "";
  const kept = sessionStorage.getItem(attemptKey(state));
  sessionStorage.removeItem(attemptKey(state));
  if (!kept) throw new Refused("this answer belongs to no sign-in of this tab");
  const attempt = JSON.parse(kept) as Attempt;
  const code = query.get("code");
  if (!code) throw new Refused(query.get("error_description") ?? query.get("error") ?? "the issuer sent no code");
  const tokens = await ask(config, {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri(),
    code_verifier: attempt.verifier,
  });
  if (claimsOf(tokens.idToken).nonce !== attempt.nonce) throw new Refused("the token answers another sign-in");
  return { tokens, returnTo: attempt.returnTo };
}

export async function refresh(config: Config, tokens: Tokens): Promise<Tokens> {
  if (!tokens.refreshToken) throw new Refused("there is no refresh token");
  const fresh = await ask(config, { grant_type: "refresh_token", refresh_token: tokens.refreshToken });
  // An issuer that does not rotate leaves the old one in force.
  return { ...fresh, refreshToken: fresh.refreshToken ?? tokens.refreshToken };
}

/** Where signing out goes on at the issuer, who learns by the ID token whose session ends; null: it keeps none of its own. */
export async function logoutUrl(config: Config, idToken: string | undefined): Promise<string | null> {
  const back = `${location.origin}/`;
  if (config.logout_url) return withDefaults(config.logout_url, { client_id: config.client_id, logout_uri: back });
  const { end_session_endpoint } = await endpoints(config);
  if (!end_session_endpoint) return null;
  return withDefaults(end_session_endpoint, {
    client_id: config.client_id,
    post_logout_redirect_uri: back,
    ...(idToken && { id_token_hint: idToken }),
  });
}

function withDefaults(address: string, params: Record<string, string>): string {
  const url = new URL(address, location.origin);
  for (const [name, value] of Object.entries(params))
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  return url.toString();
}

async function ask(config: Config, form: Record<string, string>): Promise<Tokens> {
  const { token_endpoint } = await endpoints(config);
  const response = await fetch(token_endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ client_id: config.client_id, ...form }).toString(),
  });
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (response.status === 400 || response.status === 401)
    throw new Refused(String(answer.error_description ?? answer.error ?? response.status));
  if (!response.ok || typeof answer.id_token !== "string")
    throw new Error(`the issuer's tokens: HTTP ${response.status}`);
  return {
    idToken: answer.id_token,
    refreshToken: typeof answer.refresh_token === "string" ? answer.refresh_token : null,
    expiresAt: Date.now() + (typeof answer.expires_in === "number" ? answer.expires_in : 300) * 1000,
  };
}

/** Reads a token without verifying it: the API does that; here it only saves a question. */
export function claimsOf(token: string): Record<string, unknown> {
  const body = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
