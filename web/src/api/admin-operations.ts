// What only the administration's pages ask of the API: apart from the other operations, so that the first load does without.
import type { Api } from "./client";
import type { Paging } from "./operations";
import type * as t from "./types";

export interface DeadFilter {
  channel?: string;
  kind?: string;
  reason?: string;
}

export interface DeadReason {
  reason: string;
  number: number;
}

export interface Redriven {
  rows: number;
  jobs: number;
}

export const listDeadLetters = (api: Api, filter: DeadFilter & Paging, signal?: AbortSignal) =>
  api.get<t.Page<t.DeadLetter>>("/v1/dead-letters", { query: { ...filter }, signal });
export const listDeadReasons = (api: Api, signal?: AbortSignal) =>
  api.get<{ items: DeadReason[] }>("/v1/dead-letters/reasons", { signal }).then((answer) => answer.items);
export const getDeadLetter = (api: Api, id: string, signal?: AbortSignal) =>
  api.get<t.DeadLetterDetail>(`/v1/dead-letters/${id}`, { signal });
export const redrive = (api: Api, body: { ids?: string[]; filter?: DeadFilter; dry_run?: boolean }) =>
  api.post<Redriven>("/v1/dead-letters/redrive", { body });

export interface Subscription {
  id: string;
  url: string;
  description: string;
  /** Of events, or families of them such as message.*; none: all. */
  types: string[];
  /** None: all. */
  channels: string[];
  state: "active" | "disabled";
  reason: string;
  since: string;
  /** When the first attempt failed after the last that succeeded; null: the latest one succeeded. */
  failing_since: string | null;
  /** Until when the secret before this one signs besides; null: there is none. */
  old_until: string | null;
  /** Deliveries that are on their way, and that are kept because it was disabled. */
  open: number;
  held: number;
  created_at: string;
}

/** A subscription with its signing secret, which is shown this once. */
export interface SubscriptionWithSecret extends Subscription {
  secret: string;
}

export type SubscriptionEdits = Pick<Subscription, "url" | "description" | "types" | "channels">;

export type DeliveryState = "waiting" | "under_way" | "delivered" | "failed" | "held";

export interface Delivery {
  id: string;
  event: { id: string; type: string };
  state: DeliveryState;
  attempt: number;
  failures: number;
  due_at: string | null;
  /** HTTP's, of the latest attempt; null: there was no answer. */
  status: number | null;
  error: string;
  created_at: string;
  delivered_at: string | null;
}

export const listSubscriptions = (api: Api, signal?: AbortSignal) =>
  api.get<{ items: Subscription[] }>("/v1/subscriptions", { signal }).then((answer) => answer.items);
export const getSubscription = (api: Api, id: string, signal?: AbortSignal) =>
  api.get<Subscription>(`/v1/subscriptions/${id}`, { signal });
export const createSubscription = (api: Api, body: SubscriptionEdits) =>
  api.post<SubscriptionWithSecret>("/v1/subscriptions", { body });
export const updateSubscription = (api: Api, id: string, body: Partial<SubscriptionEdits>) =>
  api.patch<Subscription>(`/v1/subscriptions/${id}`, { body });
export const deleteSubscription = (api: Api, id: string) => api.delete<void>(`/v1/subscriptions/${id}`);
export const rotateSecret = (api: Api, id: string) =>
  api.post<SubscriptionWithSecret>(`/v1/subscriptions/${id}/rotate`, { body: {} });
export const enableSubscription = (api: Api, id: string) => api.post<Subscription>(`/v1/subscriptions/${id}/enable`);
export const disableSubscription = (api: Api, id: string) => api.post<Subscription>(`/v1/subscriptions/${id}/disable`);
export const testSubscription = (api: Api, id: string) => api.post<unknown>(`/v1/subscriptions/${id}/test`);
export const listDeliveries = (api: Api, id: string, query: { state?: string } & Paging, signal?: AbortSignal) =>
  api.get<t.Page<Delivery>>(`/v1/subscriptions/${id}/deliveries`, { query: { ...query }, signal });
export const redeliver = (api: Api, delivery: string) => api.post<unknown>(`/v1/deliveries/${delivery}/redeliver`);

export interface AuditFilter {
  agent?: string;
  action?: string;
  conversation?: string;
}

export const listAudit = (api: Api, filter: AuditFilter & Paging, signal?: AbortSignal) =>
  api.get<t.Page<t.AuditEntry>>("/v1/audit", { query: { ...filter }, signal });
