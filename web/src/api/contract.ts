// What the API's document says of its operations, in the form in which the client asks for them. The document's own types, `paths`, are
// generated: src/api/schema.ts.

export type Method = "get" | "post" | "patch" | "delete";

/** The paths that know a method. */
export type PathOf<P, M extends Method> = {
  [K in keyof P]: P[K] extends Record<M, object> ? K : never;
}[keyof P] &
  string;

export type OperationOf<P, M extends Method, K extends keyof P> = P[K] extends Record<M, infer O> ? O : never;

/** All that an operation takes and nothing else; there is no need to give anything to one that requires nothing. */
export type Arguments<O> = object extends Request<O> ? [given?: Request<O>] : [given: Request<O>];

type Request<O> = Member<"path", Parameters<O, "path">> &
  Member<"query", Query<Parameters<O, "query">>> &
  Member<"headers", Parameters<O, "header">> &
  Member<"body", Body<O>> & { signal?: AbortSignal };

/** A member is there, may be there or cannot be there, as the document has it. */
type Member<Name extends string, T> = [NonNullable<T>] extends [never]
  ? { [N in Name]?: never }
  : undefined extends T
    ? { [N in Name]?: T }
    : { [N in Name]: T };

type Parameters<O, In extends "path" | "query" | "header"> = O extends { parameters: { [I in In]?: unknown } }
  ? O["parameters"][In]
  : never;

/** What may be left out may be null, which leaves it out. */
type Query<T> = { [N in keyof T]: undefined extends T[N] ? T[N] | null : T[N] };

type Body<O> = O extends { requestBody?: unknown }
  ? JsonOf<O["requestBody"]> | Extract<O["requestBody"], undefined>
  : never;

type JsonOf<T> = T extends { content: { "application/json": infer J } } ? J : never;

/** What a success brings; nothing, where the document promises nothing. */
export type AnswerOf<O> = O extends { responses: infer R } ? OrVoid<JsonOf<R[keyof R & (200 | 201 | 202)]>> : never;
type OrVoid<T> = [T] extends [never] ? void : T;
