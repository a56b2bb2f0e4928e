import { Problem, Unreachable } from "~/api/problem";
import type { Identity, MessagePage, Session, Upload, VisitorEvent } from "./protocol";
import type { Vault } from "./vault";

/** Where a site's chat is answered. */
export interface Site {
  /** Origin of the API, without a slash at its end. */
  endpoint: string;
  account: string;
}

/** The server refuses, and may say after how many seconds it would not. */
export class Refusal extends Problem {
  constructor(
    document: Problem["document"],
    readonly retryAfter: number,
  ) {
    super(document);
  }
}

export interface ClientOptions {
  site: Site;
  vault: Vault;
  locale(): string;
  /** Who the visitor is may have changed. */
  onSession(session: Session): void;
}

/** The requests of a visitor. The token is renewed when it is refused; whoever asks then waits for one renewal. */
export class Client {
  #renewal: Promise<Session> | null = null;
  #identity: Identity | undefined;
  #visitor: string | undefined;
  #visits = 0; // what was asked in an earlier one is not answered any more

  constructor(private readonly options: ClientOptions) {}

  /** session makes the visitor known, or known again: an old token proves that it is the same one. */
  session(): Promise<Session> {
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  /** forget makes the visitor somebody new. */
  forget(): void {
    this.#visits++;
    this.#renewal = null;
    this.#identity = undefined;
    this.#visitor = undefined;
  }

  /** The account of the site that the visitor is signed in with. */
  get account(): string | undefined {
    return this.#identity?.id;
  }

  /** identify says who the visitor is, from the next session on. */
  identify(identity: Identity): void {
    this.#identity = identity;
  }

  /** messages are the newest ones; or the changes after a place, or the older ones before one. */
  messages(from: { after?: string; before?: string }, signal?: AbortSignal): Promise<MessagePage> {
    const query = new URLSearchParams({ limit: "30", ...from });
    return this.#signed("GET", this.#visitors(`messages?${query}`), undefined, signal);
  }

  /** send posts what the visitor did. It has to say whose it is: what is stored of it must tell by itself. */
  async send(events: VisitorEvent[]): Promise<unknown> {
    const visitor = this.#visitor ?? (await this.session()).visitor;
    const body = { visitor, name: this.#identity?.name, language: this.options.locale(), events };
    return this.#signed("POST", `/webhooks/webchat/${encodeURIComponent(this.options.site.account)}`, body);
  }

  upload(file: { name: string; mime: string; bytes: number }): Promise<Upload> {
    return this.#signed("POST", this.#visitors("uploads"), file);
  }

  ticket(signal?: AbortSignal): Promise<{ url: string }> {
    return this.#signed("POST", this.#visitors("ticket"), {}, signal);
  }

  typing(typing: boolean): Promise<unknown> {
    return this.#signed("POST", this.#visitors("typing"), { typing });
  }

  /** address is where a file of a message is: the server may leave its own origin out. */
  address(url: string): string {
    return new URL(url, this.options.site.endpoint).href;
  }

  async #renew(): Promise<Session> {
    const { vault, onSession } = this.options;
    const identity = this.#identity;
    const visits = this.#visits;
    const token = vault.get("token");
    const session = await this.#introduce(token).catch((error: unknown) => {
      // A token that is too old, or of another key, proves nothing any more: this is somebody new.
      if (token === null || !isRefusal(error, 401)) throw error;
      return this.#introduce(null);
    });
    if (visits !== this.#visits) throw new Unreachable("forgotten");
    vault.set("token", session.token);
    // Who the visitor is was said in the meantime: this session is not theirs.
    if (identity !== this.#identity) return this.#renew();
    this.#visitor = session.visitor;
    onSession(session);
    return session;
  }

  #introduce(token: string | null): Promise<Session> {
    return this.#request("POST", this.#visitors("session"), {
      token: token ?? undefined,
      identity: this.#identity,
      locale: this.options.locale(),
      page: location.origin + location.pathname,
    });
  }

  async #signed<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const token = this.options.vault.get("token") ?? (await this.session()).token;
    return this.#request<T>(method, path, body, signal, token).catch(async (error: unknown) => {
      if (!isRefusal(error, 401)) throw error;
      return this.#request<T>(method, path, body, signal, (await this.session()).token);
    });
  }

  async #request<T>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
    token?: string | null,
  ): Promise<T> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token) headers["Authorization"] = `Bearer ${token}`;
    const sent = { method, headers, body: JSON.stringify(body), signal, credentials: "omit" } as const;
    const response = await fetch(this.options.site.endpoint + path, sent).catch((error: unknown) => {
      throw new Unreachable(String(error));
    });
    if (response.ok) return (await response.json().catch(() => undefined)) as T;
    throw await refusalOf(response);
  }

  #visitors(what: string): string {
    return `/visitors/webchat/${encodeURIComponent(this.options.site.account)}/${what}`;
  }
}

const isRefusal = (error: unknown, status: number) => error instanceof Problem && error.status === status;

/** Whatever stands between the page and the functions may refuse in a form of its own: the status counts. */
async function refusalOf(response: Response): Promise<Problem | Unreachable> {
  if (response.status >= 500) return new Unreachable(`HTTP ${response.status}`);
  const said = (await response.json().catch(() => ({}))) as Partial<Problem["document"]>;
  const document = { title: response.statusText, detail: "", code: "", ...said, status: response.status };
  return new Refusal(document, Number(response.headers.get("Retry-After")) || 0);
}
