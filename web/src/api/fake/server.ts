// The API's answers in tests: a fetch over objects in memory. It answers what the contract says and no more.
import type * as t from "../types";
import { anAgent, anId, noCounts, noon } from "./objects";

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

type Answer = { status?: number; body?: unknown } | undefined;
type Handler = (call: Call, ...params: string[]) => Answer | Promise<Answer>;

export interface FakeState {
  me: t.Me;
  agents: t.Agent[];
  channels: t.Channel[];
  labels: t.Label[];
  cannedReplies: t.CannedReply[];
  conversations: t.Conversation[];
  timelines: Record<string, t.TimelineItem[]>;
  contacts: t.ContactDetail[];
  counts: t.Counts;
  changes: t.FeedChange[];
}

export interface FakeServer {
  state: FakeState;
  /** Everything that was asked, oldest first. */
  calls: Call[];
  fetch: typeof fetch;
  /** Answers in place of the server: "POST /v1/labels", with {…} for a part of the path. */
  on(route: string, handler: Handler): void;
  /** No request reaches the server until it is online again. */
  offline: boolean;
  called(method: string, path: string): Call[];
}

/** An RFC 9457 answer. */
export const problem = (
  status: number,
  code: string,
  detail: string,
  errors?: t.ProblemDocument["errors"],
): Answer => ({
  status,
  body: { title: code, status, code, detail, errors, request_id: "r-1" } satisfies t.ProblemDocument,
});

export function createFakeServer(given: Partial<FakeState> = {}): FakeServer {
  const me: t.Me = { ...anAgent({ id: anId(2) }), preferences: {} };
  const state: FakeState = {
    me,
    agents: [me],
    channels: [],
    labels: [],
    cannedReplies: [],
    conversations: [],
    timelines: {},
    contacts: [],
    counts: noCounts,
    changes: [],
    ...given,
  };
  const routes: { method: string; pattern: RegExp; handler: Handler }[] = [];
  const server: FakeServer = {
    state,
    calls: [],
    offline: false,
    on(route, handler) {
      const [method = "", path = ""] = route.split(" ");
      // The latest comes first: a test's own answer stands before the usual one.
      routes.unshift({ method, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "([^/]+)")}$`), handler });
    },
    called: (method, path) => server.calls.filter((call) => call.method === method && call.path === path),
    async fetch(input, init) {
      const call = callOf(input, init);
      if (server.offline) throw new TypeError("Failed to fetch");
      server.calls.push(call);
      for (const { method, pattern, handler } of routes) {
        const match = method === call.method && pattern.exec(call.path);
        if (match) return responseOf(await handler(call, ...match.slice(1).map(decodeURIComponent)));
      }
      return responseOf(problem(404, "not_found", `${call.method} ${call.path}`));
    },
  };
  addRoutes(server);
  return server;
}

function callOf(input: RequestInfo | URL, init: RequestInit = {}): Call {
  const url = new URL(String(input instanceof Request ? input.url : input), "http://localhost");
  return {
    method: init.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    body: typeof init.body === "string" && init.body.startsWith("{") ? JSON.parse(init.body) : init.body,
    headers: new Headers(init.headers),
  };
}

function responseOf(answer: Answer): Response {
  if (answer?.body === undefined) return new Response(null, { status: answer?.status ?? 204 });
  return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
}

const ok = (body: unknown): Answer => ({ body });

function addRoutes(server: FakeServer) {
  const { state, on } = server;
  on("GET /v1/me", () => ok(state.me));
  on("PATCH /v1/me", ({ body }) => ok(Object.assign(state.me, body)));
  on("GET /v1/agents", () => ok({ items: state.agents }));
  on("GET /v1/channels", () => ok({ items: state.channels }));
  on("GET /v1/labels", () => ok({ items: state.labels }));
  on("GET /v1/canned-replies", () => ok({ items: state.cannedReplies }));
  on("POST /v1/canned-replies/{id}/used", () => undefined);
  on("GET /v1/counts", () => ok(state.counts));
  on("GET /v1/conversations", ({ query }) => ok(pageOf(conversationsOf(state, query), query)));
  on("GET /v1/conversations/{id}", (_, id) => one(state.conversations.find((each) => each.id === id)));
  on("PATCH /v1/conversations/{id}", ({ body }, id) => one(changed(state, id, body as t.BulkChanges)));
  on("POST /v1/conversations/bulk", ({ body }) =>
    ok({ results: bulk(state, body as { ids: string[]; changes: t.BulkChanges }) }),
  );
  on("POST /v1/conversations/{id}/read", (_, id) => void changed(state, id, { read: true }));
  on("POST /v1/conversations/{id}/unread", (_, id) => void changed(state, id, { read: false }));
  on("POST /v1/conversations/{id}/presence", () => undefined);
  on("GET /v1/conversations/{id}/timeline", ({ query }, id) => {
    const page = pageOf(state.timelines[id ?? ""] ?? [], query);
    return ok({ items: page.items, older: page.next, newer: null });
  });
  on("GET /v1/contacts", ({ query }) => ok(pageOf(state.contacts, query)));
  on("GET /v1/contacts/{id}", (_, id) => one(state.contacts.find((each) => each.id === id)));
  on("POST /v1/tickets", () => ok({ ticket: "t", url: "ws://localhost/ws?ticket=t", expires_at: noon }));
  on("GET /v1/feed", ({ query }) => ok(feed(state, query.get("after"))));
}

const one = (found: unknown): Answer => (found ? ok(found) : problem(404, "not_found", "There is no such thing."));

function pageOf<T>(all: T[], query: URLSearchParams): t.Page<T> {
  const from = Number(query.get("cursor") ?? 0);
  const limit = Number(query.get("limit") ?? 50);
  const to = from + limit;
  return { items: all.slice(from, to), next: to < all.length ? String(to) : null };
}

function conversationsOf(state: FakeState, query: URLSearchParams): t.Conversation[] {
  const assignee = query.get("assignee");
  const status = query.get("status") ?? "open";
  const wanted = assignee === "me" ? state.me.id : assignee;
  return state.conversations.filter(
    (each) =>
      (status === "all" || each.status === status) &&
      (!assignee || (assignee === "none" ? each.assignee === null : each.assignee?.id === wanted)) &&
      (!query.get("channel") || each.channel === query.get("channel")) &&
      (!query.get("label") || each.labels.some((label) => label.id === query.get("label"))) &&
      (query.get("unread") !== "true" || each.unread > 0),
  );
}

function changed(state: FakeState, id: string | undefined, changes: t.BulkChanges): t.Conversation | undefined {
  const conversation = state.conversations.find((each) => each.id === id);
  if (!conversation) return undefined;
  const labels = new Set(changes.label_ids ?? conversation.labels.map((label) => label.id));
  changes.add_label_ids?.forEach((label) => labels.add(label));
  changes.remove_label_ids?.forEach((label) => labels.delete(label));
  conversation.labels = state.labels.filter((label) => labels.has(label.id));
  if (changes.status) conversation.status = changes.status;
  conversation.snoozed_until = changes.status === "snoozed" ? (changes.snoozed_until ?? null) : null;
  if (changes.assignee_id !== undefined)
    conversation.assignee = state.agents.find((agent) => agent.id === changes.assignee_id) ?? null;
  if (changes.read !== undefined) conversation.unread = changes.read ? 0 : Math.max(1, conversation.unread);
  return { ...conversation };
}

const bulk = (state: FakeState, { ids, changes }: { ids: string[]; changes: t.BulkChanges }): t.BulkResult[] =>
  ids.map((id) => ({ id, ok: changed(state, id, changes) !== undefined }));

function feed(state: FakeState, after: string | null): t.FeedPage {
  const at = after === null ? state.changes.length : state.changes.findIndex((change) => change.cursor === after) + 1;
  const changes = state.changes.slice(at);
  return {
    changes,
    next: changes.at(-1)?.cursor ?? after ?? state.changes.at(-1)?.cursor ?? "0",
    more: false,
    pending: false,
  };
}
