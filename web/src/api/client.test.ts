import { describe, expect, it, vi } from "vitest";
import { createApi } from "./client";
import { isTemporary, Problem, Unreachable } from "./problem";

type Answer = Response | Error;

/** A document with all that a request can carry. */
interface Paths {
  "/v1/x": {
    get: { responses: { 200: { content: { "application/json": unknown } } } };
    post: {
      parameters: {
        query?: { a?: number; b?: string; c?: string; d?: string };
        header: { "Idempotency-Key": string };
      };
      requestBody: { content: { "application/json": { text: string } } };
      responses: { 202: { content?: never } };
    };
  };
  "/v1/x/{id}/y": {
    get: {
      parameters: { path: { id: string }; query: { q: string; in?: string[]; cursor?: string } };
      responses: { 200: { content: { "application/json": { n: number } } }; default: { content: unknown } };
    };
  };
}

function api(answers: Answer[], token: (fresh: boolean) => Promise<string | null> = () => Promise.resolve("t")) {
  const calls: { url: string; init: RequestInit }[] = [];
  const signedOut = vi.fn();
  const made = createApi<Paths>({
    baseUrl: "https://api.example",
    token,
    signedOut,
    fetch: async (url, init = {}) => {
      calls.push({ url: String(url), init });
      const answer = answers.shift();
      if (!answer || answer instanceof Error) throw answer ?? new Error("nobody expected this request");
      return answer;
    },
  });
  return { api: made, calls, signedOut };
}

const refusal = (status: number, code: string) =>
  Response.json(
    {
      title: code,
      status,
      code,
      detail: "A sentence.",
      errors: [{ location: "body.name", message: "is missing" }],
      request_id: "r-9",
    },
    { status },
  );
const unauthorized = () => Response.json({ message: "Unauthorized" }, { status: 401 });

describe("the API's client", () => {
  it("sends the bearer, the query without gaps, and JSON", async () => {
    const { api: client, calls } = api([Response.json({ ok: true })]);
    await client.post("/v1/x", {
      query: { a: 1, b: undefined, c: "", d: "e f" },
      body: { text: "hi" },
      headers: { "Idempotency-Key": "k" },
    });
    expect(calls[0]?.url).toBe("https://api.example/v1/x?a=1&d=e+f");
    expect(calls[0]?.init.headers).toMatchObject({
      Authorization: "Bearer t",
      "Content-Type": "application/json",
      "Idempotency-Key": "k",
    });
    expect(calls[0]?.init.body).toBe('{"text":"hi"}');
  });

  it("puts parameters where they belong, whatever is in them", async () => {
    const { api: client, calls } = api([Response.json({ n: 7 })]);
    const answer = await client.get("/v1/x/{id}/y", {
      path: { id: "a/b c" },
      query: { q: "&", in: ["d", "e"], cursor: null },
    });
    expect(calls[0]?.url).toBe("https://api.example/v1/x/a%2Fb%20c/y?q=%26&in=d%2Ce");
    expect(answer.n).toBe(7);
  });

  it("makes a typed problem of a refusal", async () => {
    const { api: client } = api([refusal(422, "validation")]);
    const error = await client.get("/v1/x").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: "validation", status: 422, message: "A sentence.", requestId: "r-9" });
    expect((error as Problem).field("name")).toBe("is missing");
    expect(isTemporary(error)).toBe(false);
  });

  it("tries once more with a fresh token when one is refused", async () => {
    const fresh: boolean[] = [];
    const {
      api: client,
      calls,
      signedOut,
    } = api([unauthorized(), Response.json(7)], (again) => {
      fresh.push(again);
      return Promise.resolve(again ? "new" : "old");
    });
    expect(await client.get("/v1/x")).toBe(7);
    expect(fresh).toEqual([false, true]);
    expect(calls[1]?.init.headers).toMatchObject({ Authorization: "Bearer new" });
    expect(signedOut).not.toHaveBeenCalled();
  });

  it("says that the agent is signed out when the fresh one is refused too", async () => {
    const { api: client, signedOut } = api([unauthorized(), unauthorized()]);
    await expect(client.get("/v1/x")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(signedOut).toHaveBeenCalledOnce();
  });

  it("asks nothing of the server while nobody is signed in", async () => {
    const { api: client, calls } = api([], () => Promise.resolve(null));
    await expect(client.get("/v1/x")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(calls).toEqual([]);
  });

  it.each([
    ["the network is down", new TypeError("Failed to fetch")],
    ["a proxy answers in its own words", new Response("<html>502</html>", { status: 502 })],
    ["the answer is cut off", new Response('{"items": [', { status: 200 })],
  ])("takes it for unreachable when %s", async (_, answer) => {
    const { api: client } = api([answer]);
    const error = await client.get("/v1/x").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Unreachable);
    expect(isTemporary(error)).toBe(true);
  });

  it("lets whoever gave up see their own abort", async () => {
    const stop = new AbortController();
    stop.abort();
    const abort = new DOMException("aborted", "AbortError");
    const { api: client } = api([abort]);
    await expect(client.get("/v1/x", { signal: stop.signal })).rejects.toBe(abort);
  });

  it("knows what may pass by itself", () => {
    const problem = (status: number) => new Problem({ title: "", status, code: "x", detail: "" });
    expect([429, 500, 503].map((status) => isTemporary(problem(status)))).toEqual([true, true, true]);
    expect([400, 403, 404, 409, 422].some((status) => isTemporary(problem(status)))).toBe(false);
  });
});
