import { FakeWebSocket } from "~/testing/sockets";
import type { Message, MessagePage, Session, Settings, VisitorEvent } from "../chat/protocol";

const limits = { text: 200, media: [{ kind: "image", max_bytes: 1_000, types: ["image/png"] }] } as Settings["limits"];

/** One site's server in memory: it speaks the protocol of docs/webchat.md, and fails when it is told to. */
export class FakeServer {
  private static readonly all: FakeServer[] = [];
  /** No two servers have one: what a page of an earlier test still asks reaches nobody else's. */
  readonly endpoint = `https://api${FakeServer.all.push(this)}.example`;

  /** fetch reaches the server that the address names. */
  static fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const server = FakeServer.all.find(({ endpoint }) => String(input).startsWith(endpoint));
    return server ? server.fetch(input, init) : Promise.reject(new TypeError("Failed to fetch"));
  };

  settings: Settings = { title: "Lumen & Sons", limits };
  /** Every request, as "METHOD path". */
  readonly asked: string[] = [];
  /** Every event that was taken, in its order: also those that came before. */
  readonly events: VisitorEvent[] = [];
  /** The visitors whose sessions were asked for, with what was said about them. */
  readonly sessions: { token?: string; identity?: { id: string } }[] = [];
  /** How requests to a path fail, one after the other: with a status, or before or after they were heard. */
  readonly failures: Record<string, (number | "unreachable" | "lost")[]> = {};
  /** Refuses every token that was given until now. */
  private valid = 0;
  private readonly threads = new Map<string, Message[]>();
  /** What changed, in its order: a cursor is a place in it. */
  private readonly feed: { visitor: string; message: Message }[] = [];
  private clock = Date.parse("2026-11-30T09:00:00Z");

  fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    this.asked.push(`${init.method ?? "GET"} ${url.pathname}`);
    const failure = this.failures[url.pathname.split("/").at(-1) ?? ""]?.shift();
    if (failure === "unreachable") throw new TypeError("Failed to fetch");
    if (typeof failure === "number") return problem(failure);
    const answer = this.answer(url, init);
    if (failure === "lost") throw new TypeError("Failed to fetch");
    return answer;
  };

  /** expire makes every token too old. */
  expire(): void {
    this.valid++;
  }

  /** says is an answer of an agent, told of to every open page. */
  says(text: string, more: Partial<Message> = {}, visitor = "v1"): Message {
    const message: Message = {
      id: crypto.randomUUID(),
      from: "agent",
      name: "Ada",
      at: this.now(),
      text,
      status: "sent",
      ...more,
    };
    return this.put(visitor, message);
  }

  /** put adds a message, or changes it. */
  put(visitor: string, message: Message): Message {
    const others = this.messages(visitor).filter(({ id }) => id !== message.id);
    this.threads.set(visitor, [...others, message]);
    this.feed.push({ visitor, message });
    for (const socket of FakeWebSocket.all) if (socket.readyState === 1) socket.receive({ type: "feed" });
    return message;
  }

  messages(visitor = "v1"): Message[] {
    return this.threads.get(visitor) ?? [];
  }

  private answer(url: URL, { body, headers }: RequestInit): Response {
    const given = body ? (JSON.parse(String(body)) as Record<string, never>) : {};
    const what = url.pathname.split("/").at(-1);
    if (what === "session") return Response.json(this.session(given));
    const token = String((headers as Record<string, string>)["Authorization"]).replace("Bearer ", "");
    const [visitor = "", age] = token.split(".");
    if (Number(age) !== this.valid) return problem(401);
    if (url.pathname.startsWith("/webhooks/")) return this.take(visitor, given);
    if (what === "messages") return Response.json(this.page(visitor, url.searchParams));
    if (what === "ticket") return Response.json({ url: "wss://live.example/?ticket=1" });
    return Response.json({});
  }

  private session(given: { token?: string; identity?: { id: string } }): Session {
    this.sessions.push(given);
    const visitor = given.identity?.id ?? given.token?.split(".")[0] ?? "v1";
    return { token: `${visitor}.${this.valid}`, expires_at: "", visitor, settings: this.settings };
  }

  private take(visitor: string, body: { visitor?: string; events?: VisitorEvent[] }): Response {
    if (body.visitor !== visitor) return problem(401);
    for (const event of body.events ?? []) {
      this.events.push(event);
      const known = event.type === "message" && this.messages(visitor).some(({ id }) => id === event.id);
      if (event.type !== "message" || known) continue;
      const { id, text, choice, reply_to } = event;
      this.put(visitor, { id, from: "visitor", at: this.now(), text, choice, reply_to, status: "sent" });
    }
    return Response.json({});
  }

  private page(visitor: string, query: URLSearchParams): MessagePage {
    const limit = Number(query.get("limit"));
    const after = query.get("after");
    const next = String(this.feed.length);
    if (after !== null) {
      const changed = this.feed.slice(Number(after)).filter((change) => change.visitor === visitor);
      return { messages: changed.map(({ message }) => message), next, pending: false, older: null };
    }
    const all = this.messages(visitor);
    const end = Number(query.get("before") ?? all.length);
    const start = Math.max(0, end - limit);
    return { messages: all.slice(start, end), next, pending: false, older: start > 0 ? String(start) : null };
  }

  private now(): string {
    this.clock += 1_000;
    return new Date(this.clock).toISOString();
  }
}

const problem = (status: number): Response =>
  Response.json({ title: "Refused", detail: `Refused with ${status}.`, code: "refused", status }, { status });
