import { Problem, problemOf, Unreachable } from "./problem";

export interface Options {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** What the dashboard says to the API. Every failure is a Problem, an Unreachable, or an abort of the caller's own. */
export interface Api {
  get<T>(path: string, options?: Options): Promise<T>;
  post<T>(path: string, options?: Options): Promise<T>;
  patch<T>(path: string, options?: Options): Promise<T>;
  put<T>(path: string, options?: Options): Promise<T>;
  delete<T>(path: string, options?: Options): Promise<T>;
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

export function createApi(options: ApiOptions): Api {
  const request = async <T>(method: string, path: string, given: Options = {}): Promise<T> => {
    let response = await attempt(options, method, path, given, false);
    if (response.status === 401) response = await attempt(options, method, path, given, true);
    if (response.ok) return (response.status === 204 ? undefined : await parsed(response)) as T;
    const problem = await problemOf(response);
    if (problem instanceof Problem && problem.status === 401) options.signedOut();
    throw problem;
  };
  return {
    get: (path, given) => request("GET", path, given),
    post: (path, given) => request("POST", path, given),
    patch: (path, given) => request("PATCH", path, given),
    put: (path, given) => request("PUT", path, given),
    delete: (path, given) => request("DELETE", path, given),
  };
}

async function attempt(
  options: ApiOptions,
  method: string,
  path: string,
  given: Options,
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
    return await (options.fetch ?? fetch)(options.baseUrl + path + queryOf(given.query), {
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

function queryOf(query: Options["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text && `?${text}`;
}
