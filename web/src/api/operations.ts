// One function for each operation of the API that the dashboard uses: the only place that knows paths. The compiler holds each to the API's
// document (client.ts); an answer of which more is known than the document says is taken for that (types.ts).
import type { Api } from "./client";
import type { components, operations } from "./schema";
import type * as t from "./types";

type Schemas = components["schemas"];
/** What an operation can be asked for. */
export type QueryOf<O extends keyof operations> = NonNullable<operations[O]["parameters"]["query"]>;
export type ConversationQuery = Omit<QueryOf<"listConversations">, "cursor" | "limit">;

export interface Paging {
  cursor?: string | null;
  limit?: number;
}

export const getMe = (api: Api, signal?: AbortSignal) => api.get("/v1/me", { signal });
export const updateMe = (api: Api, body: Schemas["MeChange"]) => api.patch("/v1/me", { body });

export const listAgents = (api: Api, signal?: AbortSignal) =>
  api.get("/v1/agents", { signal }).then((answer) => answer.items);
export const updateAgent = (api: Api, id: string, body: Schemas["AgentChange"]) =>
  api.patch("/v1/agents/{id}", { path: { id }, body });

export const listChannels = (api: Api, signal?: AbortSignal) =>
  api.get("/v1/channels", { signal }).then((answer) => answer.items as t.Channel[]);
export const checkAccount = (api: Api, channel: string, account: string) =>
  api.post("/v1/channels/{channel}/accounts/{credential_account}/check", {
    path: { channel, credential_account: account },
  });
export const listTemplates = (api: Api, channel: string, account: string, q?: string, signal?: AbortSignal) =>
  api.get("/v1/channels/{channel}/accounts/{credential_account}/templates", {
    path: { channel, credential_account: account },
    query: { q },
    signal,
  });

export const listConversations = (api: Api, query: ConversationQuery & Paging, signal?: AbortSignal) =>
  api.get("/v1/conversations", { query, signal }) as Promise<t.Page<t.Conversation>>;
export const getConversation = (api: Api, id: string, signal?: AbortSignal) =>
  api.get("/v1/conversations/{id}", { path: { id }, signal }) as Promise<t.Conversation>;
export const updateConversation = (api: Api, id: string, body: t.ConversationChanges) =>
  api.patch("/v1/conversations/{id}", { path: { id }, body }) as Promise<t.Conversation>;
export const updateConversations = (api: Api, ids: string[], changes: t.BulkChanges) =>
  api.post("/v1/conversations/bulk", { body: { ids, changes } }).then((answer) => answer.results);
export const markRead = (api: Api, id: string, upTo?: string) =>
  api.post("/v1/conversations/{id}/read", { path: { id }, body: upTo ? { up_to: upTo } : {} });
export const markUnread = (api: Api, id: string) => api.post("/v1/conversations/{id}/unread", { path: { id } });
export const showPresence = (api: Api, id: string, state: t.PresenceState) =>
  api.post("/v1/conversations/{id}/presence", { path: { id }, body: { state } });

export const getTimeline = (api: Api, id: string, query: Paging & { around?: string }, signal?: AbortSignal) =>
  api.get("/v1/conversations/{id}/timeline", { path: { id }, query, signal }) as Promise<t.TimelinePage>;
export const sendMessage = (api: Api, conversation: string, key: string, body: t.NewMessage) =>
  api
    .post("/v1/conversations/{id}/messages", { path: { id: conversation }, headers: { "Idempotency-Key": key }, body })
    .then((answer) => answer.messages as t.Message[]);
export const retryMessage = (api: Api, message: string, key: string) =>
  api
    .post("/v1/messages/{id}/retry", { path: { id: message }, headers: { "Idempotency-Key": key } })
    .then((answer) => answer.messages as t.Message[]);
export const createUpload = (api: Api, body: Schemas["NewUpload"]) => api.post("/v1/uploads", { body });

export const createNote = (api: Api, conversation: string, body: Schemas["NewNote"]) =>
  api.post("/v1/conversations/{id}/notes", { path: { id: conversation }, body });
export const updateNote = (api: Api, id: string, text: string) =>
  api.patch("/v1/notes/{id}", { path: { id }, body: { text } });
export const deleteNote = (api: Api, id: string) => api.delete("/v1/notes/{id}", { path: { id } });

export const search = (api: Api, q: string, within: t.SearchIn, paging: Paging = {}, signal?: AbortSignal) =>
  api.get("/v1/search", { query: { q, in: within, ...paging }, signal }) as Promise<t.Page<t.SearchHit>>;
export const getCounts = (api: Api, signal?: AbortSignal) => api.get("/v1/counts", { signal });

export const listContacts = (api: Api, q: string | undefined, paging: Paging = {}, signal?: AbortSignal) =>
  api.get("/v1/contacts", { query: { q, ...paging }, signal });
export const getContact = (api: Api, id: string, signal?: AbortSignal) =>
  api.get("/v1/contacts/{id}", { path: { id }, signal }) as Promise<t.ContactDetail>;
export type ContactEdits = Schemas["ContactChange"];
export const updateContact = (api: Api, id: string, body: ContactEdits) =>
  api.patch("/v1/contacts/{id}", { path: { id }, body });
export const mergeContact = (api: Api, id: string, other: string) =>
  api.post("/v1/contacts/{id}/merge", { path: { id }, body: { other } });
export const eraseContact = (api: Api, id: string, reason: string) =>
  api.post("/v1/contacts/{id}/erasure", { path: { id }, body: { reason } });
export const getErasure = (api: Api, id: string, signal?: AbortSignal) =>
  api.get("/v1/erasures/{id}", { path: { id }, signal });

export const listLabels = (api: Api, signal?: AbortSignal) =>
  api.get("/v1/labels", { signal }).then((answer) => answer.items);
export const createLabel = (api: Api, body: Schemas["NewLabel"]) => api.post("/v1/labels", { body });
export const updateLabel = (api: Api, id: string, body: Schemas["LabelChange"]) =>
  api.patch("/v1/labels/{id}", { path: { id }, body });
export const deleteLabel = (api: Api, id: string) => api.delete("/v1/labels/{id}", { path: { id } });

export type CannedReplyEdits = Required<Schemas["NewCannedReply"]>;
export const listCannedReplies = (api: Api, signal?: AbortSignal) =>
  api.get("/v1/canned-replies", { signal }).then((answer) => answer.items);
export const createCannedReply = (api: Api, body: CannedReplyEdits) => api.post("/v1/canned-replies", { body });
export const updateCannedReply = (api: Api, id: string, body: Schemas["CannedReplyChange"]) =>
  api.patch("/v1/canned-replies/{id}", { path: { id }, body });
export const deleteCannedReply = (api: Api, id: string) => api.delete("/v1/canned-replies/{id}", { path: { id } });
export const usedCannedReply = (api: Api, id: string) => api.post("/v1/canned-replies/{id}/used", { path: { id } });

export const createTicket = (api: Api, signal?: AbortSignal) => api.post("/v1/tickets", { signal });
export const readFeed = (api: Api, after: string | null, signal?: AbortSignal) =>
  api.get("/v1/feed", { query: { after, limit: 500 }, signal }) as Promise<t.FeedPage>;
