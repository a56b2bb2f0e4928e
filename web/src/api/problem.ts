import type { ProblemDocument } from "./types";

/** The API refused: what it said, in its own words. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: string;
  readonly status: number;
  readonly errors: { location: string; message: string; code?: string }[];
  readonly requestId: string | undefined;

  constructor(readonly document: ProblemDocument) {
    super(document.detail || document.title);
    this.code = document.code;
    this.status = document.status;
    this.errors = document.errors ?? [];
    this.requestId = document.request_id;
  }

  /** What is wrong with one field of the body, by its name or path; undefined: nothing. */
  field(name: string): string | undefined {
    return this.errors.find((each) => each.location === `body.${name}` || each.location === name)?.message;
  }
}

/** The server was not reached, or did not answer like one of ours: nobody knows whether it did anything. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Whether the same request may succeed later without anybody changing it. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return error instanceof Problem && (error.status === 429 || error.status >= 500);
}

/** Reads a refusal from an answer. A gateway in between may answer with a form of its own. */
export async function problemOf(response: Response): Promise<Problem | Unreachable> {
  const body: unknown = await response.json().catch(() => null);
  if (isDocument(body)) return new Problem(body);
  if (response.status === 401)
    return new Problem({ title: "Unauthorized", status: 401, detail: "", code: "unauthenticated" });
  return new Unreachable(`HTTP ${response.status}`);
}

function isDocument(body: unknown): body is ProblemDocument {
  return typeof body === "object" && body !== null && "code" in body && "status" in body && "title" in body;
}
