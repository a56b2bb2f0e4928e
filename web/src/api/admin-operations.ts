// What only the administration's pages ask of the API: apart from the other operations, so that the first load does without.
import type { Api } from "./client";
import type { Paging } from "./operations";
import type { components } from "./schema";
import type { Page } from "./types";

type Schemas = components["schemas"];

export type DeadLetter = Schemas["DeadLetter"];
export type DeadLetterDetail = Schemas["DeadLetterDetail"];
export type DeadFilter = Schemas["DeadFilter"];
export type DeadReason = Schemas["DeadReason"];
export type Redriven = Schemas["Redriven"];
export type Subscription = Schemas["Subscription"];
/** A subscription with its signing secret, which is shown this once. */
export type SubscriptionWithSecret = Schemas["SubscriptionSecret"];
export type SubscriptionEdits = Required<Schemas["NewSubscription"]>;
export type Delivery = Schemas["Delivery"];
export type DeliveryDetail = Schemas["DeliveryDetail"];
export type DeliveryAttempt = Schemas["DeliveryAttempt"];
export type DeliveryState = Delivery["state"];
export type AuditEntry = Schemas["AuditEntry"];

export const listDeadLetters = (api: Api, filter: DeadFilter & Paging, signal?: AbortSignal) =>
  api.get<Page<DeadLetter>>("/v1/dead-letters", { query: { ...filter }, signal });
export const listDeadReasons = (api: Api, signal?: AbortSignal) =>
  api.get<{ items: DeadReason[] }>("/v1/dead-letters/reasons", { signal }).then((answer) => answer.items);
export const getDeadLetter = (api: Api, id: string, signal?: AbortSignal) =>
  api.get<DeadLetterDetail>(`/v1/dead-letters/${id}`, { signal });
export const redrive = (api: Api, body: { ids?: string[]; filter?: DeadFilter; dry_run?: boolean }) =>
  api.post<Redriven>("/v1/dead-letters/redrive", { body });

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
  api.post<SubscriptionWithSecret>(`/v1/subscriptions/${id}/rotate`);
export const enableSubscription = (api: Api, id: string) => api.post<Subscription>(`/v1/subscriptions/${id}/enable`);
export const disableSubscription = (api: Api, id: string) => api.post<Subscription>(`/v1/subscriptions/${id}/disable`);
export const testSubscription = (api: Api, id: string) =>
  api.post<{ delivery: string }>(`/v1/subscriptions/${id}/test`);
export const listDeliveries = (api: Api, id: string, query: { state?: string } & Paging, signal?: AbortSignal) =>
  api.get<Page<Delivery>>(`/v1/subscriptions/${id}/deliveries`, { query: { ...query }, signal });
export const getDelivery = (api: Api, delivery: string, signal?: AbortSignal) =>
  api.get<DeliveryDetail>(`/v1/deliveries/${delivery}`, { signal });
export const redeliver = (api: Api, delivery: string) => api.post<Delivery>(`/v1/deliveries/${delivery}/redeliver`);

export interface AuditFilter {
  agent?: string;
  action?: string;
  conversation?: string;
}

export const listAudit = (api: Api, filter: AuditFilter & Paging, signal?: AbortSignal) =>
  api.get<Page<AuditEntry>>("/v1/audit", { query: { ...filter }, signal });
