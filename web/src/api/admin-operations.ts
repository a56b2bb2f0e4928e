// What only the administration's pages ask of the API: apart from the other operations, so that the first load does without.
import type { Api } from "./client";
import type { Paging, QueryOf } from "./operations";
import type { components } from "./schema";

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

export const listDeadLetters = (api: Api, query: DeadFilter & Paging, signal?: AbortSignal) =>
  api.get("/v1/dead-letters", { query, signal });
export const listDeadReasons = (api: Api, signal?: AbortSignal) =>
  api.get("/v1/dead-letters/reasons", { signal }).then((answer) => answer.items);
export const getDeadLetter = (api: Api, id: string, signal?: AbortSignal) =>
  api.get("/v1/dead-letters/{id}", { path: { id }, signal });
export const redrive = (api: Api, body: Schemas["Redrive"]) => api.post("/v1/dead-letters/redrive", { body });

export const listSubscriptions = (api: Api, signal?: AbortSignal) =>
  api.get("/v1/subscriptions", { signal }).then((answer) => answer.items);
export const getSubscription = (api: Api, id: string, signal?: AbortSignal) =>
  api.get("/v1/subscriptions/{id}", { path: { id }, signal });
export const createSubscription = (api: Api, body: SubscriptionEdits) => api.post("/v1/subscriptions", { body });
export const updateSubscription = (api: Api, id: string, body: Schemas["SubscriptionChange"]) =>
  api.patch("/v1/subscriptions/{id}", { path: { id }, body });
export const deleteSubscription = (api: Api, id: string) => api.delete("/v1/subscriptions/{id}", { path: { id } });
export const rotateSecret = (api: Api, id: string) => api.post("/v1/subscriptions/{id}/rotate", { path: { id } });
export const enableSubscription = (api: Api, id: string) => api.post("/v1/subscriptions/{id}/enable", { path: { id } });
export const disableSubscription = (api: Api, id: string) =>
  api.post("/v1/subscriptions/{id}/disable", { path: { id } });
export const testSubscription = (api: Api, id: string) => api.post("/v1/subscriptions/{id}/test", { path: { id } });
export const listDeliveries = (
  api: Api,
  id: string,
  query: Pick<QueryOf<"listDeliveries">, "state"> & Paging,
  signal?: AbortSignal,
) => api.get("/v1/subscriptions/{id}/deliveries", { path: { id }, query, signal });
export const getDelivery = (api: Api, id: string, signal?: AbortSignal) =>
  api.get("/v1/deliveries/{id}", { path: { id }, signal });
export const redeliver = (api: Api, id: string) => api.post("/v1/deliveries/{id}/redeliver", { path: { id } });

export type AuditFilter = Omit<QueryOf<"listAudit">, "cursor" | "limit">;

export const listAudit = (api: Api, query: AuditFilter & Paging, signal?: AbortSignal) =>
  api.get("/v1/audit", { query, signal });
