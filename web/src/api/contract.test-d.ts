import { describe, expectTypeOf, it } from "vitest";
import type { Api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

declare const api: Api;

// Tests of types: they are never run, and fail in `tsc`, where what must not compile does.
describe("requests are held to the API's document", () => {
  it("by path and method", () => {
    // @ts-expect-error no such path
    api.get("/v1/conversation");
    // @ts-expect-error a path with its parameters filled in by hand
    api.get(`/v1/conversations/${"c-1"}`);
    // @ts-expect-error counts cannot be deleted
    api.delete("/v1/counts");
  });

  it("by the parameters of the path", () => {
    api.get("/v1/conversations/{id}", { path: { id: "c-1" } });
    // @ts-expect-error without the parameter
    api.get("/v1/conversations/{id}");
    // @ts-expect-error by another name
    api.get("/v1/conversations/{id}", { path: { conversation: "c-1" } });
    // @ts-expect-error a path that has none
    api.get("/v1/counts", { path: { id: "c-1" } });
  });

  it("by the query", () => {
    api.get("/v1/conversations", { query: { sort: "waiting", cursor: null } });
    // @ts-expect-error no such order
    api.get("/v1/conversations", { query: { sort: "newest" } });
    // @ts-expect-error no such filter
    api.get("/v1/conversations", { query: { colour: "red" } });
    // @ts-expect-error a search for nothing
    api.get("/v1/search", { query: { in: "messages" } });
  });

  it("by headers and body", () => {
    const to = { path: { id: "c-1" } };
    const headers = { "Idempotency-Key": "k" };
    api.post("/v1/conversations/{id}/messages", { ...to, headers, body: { text: "hi" } });
    // @ts-expect-error without the key
    api.post("/v1/conversations/{id}/messages", { ...to, body: { text: "hi" } });
    // @ts-expect-error without the message
    api.post("/v1/conversations/{id}/messages", { ...to, headers });
    // @ts-expect-error a member that the document does not know
    api.patch("/v1/conversations/{id}", { ...to, body: { state: "resolved" } });
    // @ts-expect-error a body where none is taken
    api.post("/v1/conversations/{id}/unread", { ...to, body: {} });
  });

  it("and so are answers", () => {
    expectTypeOf(api.get("/v1/conversations/{id}", { path: { id: "" } })).resolves.toEqualTypeOf<
      Schemas["Conversation"]
    >();
    expectTypeOf(api.delete("/v1/labels/{id}", { path: { id: "" } })).resolves.toEqualTypeOf<void>();
  });
});
