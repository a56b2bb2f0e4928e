import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Config } from "./config";
import { createSession } from "./session";

const issuer = "https://issuer.example";
let config: Config;
let n = 0;

/** A token as issuers make them, unsigned: the browser does not verify. */
function token(claims: Record<string, unknown>): string {
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `${part({ alg: "none" })}.${part(claims)}.x`;
}

/** An issuer that answers as the test says, and remembers what it was asked. */
function anIssuer(answer: (form: URLSearchParams) => { status?: number; body: unknown }) {
  const asked: URLSearchParams[] = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (url.endsWith("/.well-known/openid-configuration")) {
      return Response.json({ authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` });
    }
    const form = new URLSearchParams(String(init?.body));
    asked.push(form);
    const { status = 200, body } = answer(form);
    return Response.json(body, { status });
  });
  return asked;
}

/** Goes to the issuer, and gives the query with which it would send the agent back. */
async function sentAway(session: ReturnType<typeof createSession>, returnTo: string) {
  const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  await session.signIn(returnTo);
  return new URL(String(assign.mock.calls.at(-1)?.[0]));
}

beforeEach(() => {
  n += 1;
  config = { issuer, client_id: `dashboard-${n}`, logout_url: null, api_url: "", dev: true };
});

describe("signing in", () => {
  it("asks with PKCE, and comes back to where the agent was", async () => {
    let nonce = "";
    const asked = anIssuer(() => ({
      body: { id_token: token({ sub: "ada", nonce }), refresh_token: "r1", expires_in: 3600 },
    }));
    const session = createSession(config);
    const url = await sentAway(session, "/inbox/mine?unread=true");
    const query = url.searchParams;
    nonce = query.get("nonce") ?? "";
    expect(url.origin + url.pathname).toBe(`${issuer}/authorize`);
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: "code",
      client_id: config.client_id,
      scope: "openid email profile",
      code_challenge_method: "S256",
      redirect_uri: `${location.origin}/callback`,
    });
    expect(await session.complete(new URLSearchParams({ code: "c", state: query.get("state") ?? "" }))).toBe(
      "/inbox/mine?unread=true",
    );
    const verifier = asked[0]?.get("code_verifier") ?? "";
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
    const challenge = btoa(String.fromCharCode(...digest))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
    expect(query.get("code_challenge")).toBe(challenge);
    expect(session.signedIn()).toBe(true);
    expect(await session.token()).toBe(token({ sub: "ada", nonce }));
  });

  it("refuses an answer that belongs to no question, or comes twice", async () => {
    let nonce = "";
    anIssuer(() => ({ body: { id_token: token({ nonce }), expires_in: 3600 } }));
    const session = createSession(config);
    await expect(session.complete(new URLSearchParams({ code: "c", state: "foreign" }))).rejects.toThrow(
      "no sign-in of this tab",
    );
    const query = (await sentAway(session, "/")).searchParams;
    nonce = query.get("nonce") ?? "";
    const answer = new URLSearchParams({ code: "c", state: query.get("state") ?? "" });
    await session.complete(answer);
    await expect(session.complete(answer)).rejects.toThrow("no sign-in of this tab");
  });

  it("refuses a token that answers another question", async () => {
    anIssuer(() => ({ body: { id_token: token({ nonce: "another" }), expires_in: 3600 } }));
    const session = createSession(config);
    const query = (await sentAway(session, "/")).searchParams;
    await expect(session.complete(new URLSearchParams({ code: "c", state: query.get("state") ?? "" }))).rejects.toThrow(
      "another sign-in",
    );
    expect(session.signedIn()).toBe(false);
  });

  it("says what the issuer said when it sends no code", async () => {
    anIssuer(() => ({ body: {} }));
    const session = createSession(config);
    const state = (await sentAway(session, "/")).searchParams.get("state") ?? "";
    const answer = new URLSearchParams({ error: "access_denied", error_description: "You may not.", state });
    await expect(session.complete(answer)).rejects.toThrow("You may not.");
  });
});

describe("the token", () => {
  const keep = (given: object) =>
    localStorage.setItem(
      "omni.tokens",
      JSON.stringify({ idToken: "old", refreshToken: "r1", expiresAt: Date.now() + 3_600_000, ...given }),
    );

  it("is used until shortly before it ends", async () => {
    const asked = anIssuer(() => ({ body: { id_token: "new", refresh_token: "r2", expires_in: 3600 } }));
    const session = createSession(config);
    keep({});
    expect(await session.token()).toBe("old");
    keep({ expiresAt: Date.now() + 30_000 });
    expect(await session.token()).toBe("new");
    expect(asked.map((form) => form.get("refresh_token"))).toEqual(["r1"]);
  });

  it("is refreshed once, however many ask for it", async () => {
    const asked = anIssuer(() => ({ body: { id_token: "new", refresh_token: "r2", expires_in: 3600 } }));
    const session = createSession(config);
    keep({ expiresAt: 0 });
    expect(await Promise.all([session.token(), session.token(), session.token(true)])).toEqual(["new", "new", "new"]);
    expect(asked).toHaveLength(1);
  });

  it("is given up when the issuer refuses, and kept when it cannot be reached", async () => {
    let status = 503;
    anIssuer(() => ({ status, body: { error: "invalid_grant" } }));
    const session = createSession(config);
    const changed = vi.fn();
    session.subscribe(changed);
    keep({ expiresAt: 0 });
    await expect(session.token()).rejects.toThrow("503");
    expect(session.signedIn()).toBe(true);
    status = 400;
    expect(await session.token()).toBeNull();
    expect(session.signedIn()).toBe(false);
    expect(changed).toHaveBeenCalled();
  });

  it("keeps a refresh token that the issuer does not replace", async () => {
    const asked = anIssuer(() => ({ body: { id_token: "new", expires_in: 0 } }));
    const session = createSession(config);
    keep({ expiresAt: 0 });
    await session.token();
    await session.token();
    expect(asked.map((form) => form.get("refresh_token"))).toEqual(["r1", "r1"]);
  });
});
