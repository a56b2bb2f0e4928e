// One function for each operation of the API that the dashboard uses: the only place that knows paths.
import type { Api } from "./client";
import type * as t from "./types";

export interface ConversationQuery {
  status?: t.ConversationStatus | "all";
  channel?: string;
  account_id?: string;
  assignee?: string;
  label?: string;
  unread?: boolean;
  sort?: "recent" | "oldest" | "waiting";
}

export interface Paging {
  cursor?: string | null;
  limit?: number;
}

export const getMe = (api: Api, signal?: AbortSignal) => api.get<t.Me>("/v1/me", { signal });
export const updateMe = (api: Api, body: { available?: boolean; preferences?: Record<string, unknown> }) =>
  api.patch<t.Me>("/v1/me", { body });

export const listAgents = (api: Api, signal?: AbortSignal) =>
  api.get<{ items: t.Agent[] }>("/v1/agents", { signal }).then((answer) => answer.items);
export const updateAgent = (api: Api, id: string, body: { state?: "active" | "disabled"; available?: boolean }) =>
  api.patch<t.Agent>(`/v1/agents/${id}`, { body });

export const listChannels = (api: Api, signal?: AbortSignal) =>
  api.get<{ items: t.Channel[] }>("/v1/channels", { signal }).then((answer) => answer.items);
export const checkAccount = (api: Api, channel: string, account: string) =>
  api.post<void>(`/v1/channels/${channel}/accounts/${encodeURIComponent(account)}/check`);
export const listTemplates = (api: Api, channel: string, account: string, q?: string, signal?: AbortSignal) =>
  api.get<t.TemplateList>(`/v1/channels/${channel}/accounts/${encodeURIComponent(account)}/templates`, {
    query: { q },
    signal,
  });

export const listConversations = (api: Api, query: ConversationQuery & Paging, signal?: AbortSignal) =>
  api.get<t.Page<t.Conversation>>("/v1/conversations", { query: { ...query }, signal });
export const getConversation = (api: Api, id: string, signal?: AbortSignal) =>
  api.get<t.Conversation>(`/v1/conversations/${id}`, { signal });
export const updateConversation = (api: Api, id: string, body: t.ConversationChanges) =>
  api.patch<t.Conversation>(`/v1/conversations/${id}`, { body });
export const updateConversations = (api: Api, ids: string[], changes: t.BulkChanges) =>
  api
    .post<{ results: t.BulkResult[] }>("/v1/conversations/bulk", { body: { ids, changes } })
    .then((answer) => answer.results);
export const markRead = (api: Api, id: string, upTo?: string) =>
  api.post<void>(`/v1/conversations/${id}/read`, { body: upTo ? { up_to: upTo } : {} });
export const markUnread = (api: Api, id: string) => api.post<void>(`/v1/conversations/${id}/unread`, { body: {} });
export const showPresence = (api: Api, id: string, state: t.PresenceState) =>
  api.post<void>(`/v1/conversations/${id}/presence`, { body: { state } });

export const getTimeline = (
  api: Api,
  id: string,
  query: { cursor?: string | null; limit?: number; around?: string },
  signal?: AbortSignal,
) => api.get<t.TimelinePage>(`/v1/conversations/${id}/timeline`, { query, signal });
export const sendMessage = (api: Api, conversation: string, key: string, body: t.NewMessage) =>
  api
    .post<{ messages: t.Message[] }>(`/v1/conversations/${conversation}/messages`, {
      body,
      headers: { "Idempotency-Key": key },
    })
    .then((answer) => answer.messages);
export const retryMessage = (api: Api, message: string, key: string) =>
  api
    .post<{ messages: t.Message[] }>(`/v1/messages/${message}/retry`, { headers: { "Idempotency-Key": key } })
    .then((answer) => answer.messages);
export const createUpload = (api: Api, file: { name: string; mime: string; bytes: number }) =>
  api.post<t.Upload>("/v1/uploads", { body: file });

export const createNote = (api: Api, conversation: string, body: { text: string; mentions?: string[] }) =>
  api.post<t.Note>(`/v1/conversations/${conversation}/notes`, { body });
export const updateNote = (api: Api, id: string, text: string) =>
  api.patch<t.Note>(`/v1/notes/${id}`, { body: { text } });
export const deleteNote = (api: Api, id: string) => api.delete<void>(`/v1/notes/${id}`);

export const search = (api: Api, q: string, within: t.SearchIn, paging: Paging = {}, signal?: AbortSignal) =>
  api.get<t.Page<t.SearchHit>>("/v1/search", { query: { q, in: within, ...paging }, signal });
export const getCounts = (api: Api, signal?: AbortSignal) => api.get<t.Counts>("/v1/counts", { signal });

export const listContacts = (api: Api, q: string | undefined, paging: Paging = {}, signal?: AbortSignal) =>
  api.get<t.Page<t.Contact>>("/v1/contacts", { query: { q, ...paging }, signal });
export const getContact = (api: Api, id: string, signal?: AbortSignal) =>
  api.get<t.ContactDetail>(`/v1/contacts/${id}`, { signal });
export type ContactEdits = Partial<Record<"name" | "phone" | "email" | "language" | "about", string | null>>;
export const updateContact = (api: Api, id: string, body: ContactEdits) =>
  api.patch<t.Contact>(`/v1/contacts/${id}`, { body });
export const mergeContact = (api: Api, id: string, other: string) =>
  api.post<t.Contact>(`/v1/contacts/${id}/merge`, { body: { other } });

export const listLabels = (api: Api, signal?: AbortSignal) =>
  api.get<{ items: t.Label[] }>("/v1/labels", { signal }).then((answer) => answer.items);
export const createLabel = (api: Api, body: { name: string; color: string }) =>
  api.post<t.Label>("/v1/labels", { body });
export const updateLabel = (api: Api, id: string, body: { name?: string; color?: string }) =>
  api.patch<t.Label>(`/v1/labels/${id}`, { body });
export const deleteLabel = (api: Api, id: string) => api.delete<void>(`/v1/labels/${id}`);

export type CannedReplyEdits = Pick<t.CannedReply, "shortcut" | "title" | "text" | "channels" | "shared">;
export const listCannedReplies = (api: Api, signal?: AbortSignal) =>
  api.get<{ items: t.CannedReply[] }>("/v1/canned-replies", { signal }).then((answer) => answer.items);
export const createCannedReply = (api: Api, body: CannedReplyEdits) =>
  api.post<t.CannedReply>("/v1/canned-replies", { body });
export const updateCannedReply = (api: Api, id: string, body: Partial<CannedReplyEdits>) =>
  api.patch<t.CannedReply>(`/v1/canned-replies/${id}`, { body });
export const deleteCannedReply = (api: Api, id: string) => api.delete<void>(`/v1/canned-replies/${id}`);
export const usedCannedReply = (api: Api, id: string) => api.post<void>(`/v1/canned-replies/${id}/used`);

export const createTicket = (api: Api, signal?: AbortSignal) => api.post<t.Ticket>("/v1/tickets", { signal });
export const readFeed = (api: Api, after: string | null, signal?: AbortSignal) =>
  api.get<t.FeedPage>("/v1/feed", { query: { after, limit: 500 }, signal });
