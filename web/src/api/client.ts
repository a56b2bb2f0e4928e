import type { AnswerOf, Arguments, Method, OperationOf, PathOf } from "./contract";
import { Problem, problemOf, Unreachable } from "./problem";
import type { paths } from "./schema";

type Call<P, M extends Method> = <K extends PathOf<P, M>>(
  path: K,
  ...given: Arguments<OperationOf<P, M, K>>
) => Promise<AnswerOf<OperationOf<P, M, K>>>;

/**
 * What the dashboard says to the API: the operations of the API's document, with what each takes and answers. Every failure is a Problem,
 * an Unreachable, or an abort of the caller's own.
 */
export interface Api<P = paths> {
  get: Call<P, "get">;
  post: Call<P, "post">;
  patch: Call<P, "patch">;
  delete: Call<P, "delete">;
}

/** A request as it goes out, whatever the operation. */
interface Given {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
}

export interface ApiOptions {
  /** Empty: the page's own origin. */
  baseUrl: string;
  /** The bearer; fresh: get another one, the last was refused. Null: nobody is signed in. */
  token(fresh: boolean): Promise<string | null>;
  /** The server refuses even a fresh token: the agent has to sign in. */
  signedOut(): void;
  fetch?: typeof fetch;
}

export function createApi<P = paths>(options: ApiOptions): Api<P> {
  const request = async (method: string, path: string, given: Given = {}): Promise<unknown> => {
    let response = await attempt(options, method, path, given, false);
    if (response.status === 401) response = await attempt(options, method, path, given, true);
    if (response.ok) return response.status === 204 ? undefined : await parsed(response);
    const problem = await problemOf(response);
    if (problem instanceof Problem && problem.status === 401) options.signedOut();
    throw problem;
  };
  const call = <M extends Method>(method: M) =>
    ((path: string, given?: Given) => request(method.toUpperCase(), path, given)) as Call<P, M>;
  return { get: call("get"), post: call("post"), patch: call("patch"), delete: call("delete") };
}

async function attempt(
  options: ApiOptions,
  method: string,
  path: string,
  given: Given,
  fresh: boolean,
): Promise<Response> {
  const token = await bearer(options, fresh);
  if (token === null) return new Response(null, { status: 401 });
  const headers: Record<string, string> = {
    Accept: "application/json",
    Authorization: `Bearer ${token}`,
    ...given.headers,
  };
  if (given.body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await (options.fetch ?? fetch)(options.baseUrl + filled(path, given.path) + queryOf(given.query), {
      method,
      headers,
      body: given.body === undefined ? undefined : JSON.stringify(given.body),
      signal: given.signal,
    });
  } catch (cause) {
    if (given.signal?.aborted) throw cause;
    throw new Unreachable("the server was not reached", { cause });
  }
}

// The issuer may be out of reach when the server is not: to whoever asks it is the same.
async function bearer(options: ApiOptions, fresh: boolean): Promise<string | null> {
  try {
    return await options.token(fresh);
  } catch (cause) {
    throw new Unreachable("the issuer was not reached", { cause });
  }
}

async function parsed(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Unreachable("the answer is no JSON", { cause });
  }
}

/** Puts the parameters into a path's braces. */
function filled(path: string, parameters: Given["path"] = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
}

// A list is one value with commas, as everywhere in the API.
function queryOf(query: Given["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text && `?${text}`;
}
