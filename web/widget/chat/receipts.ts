import type { Message, VisitorEvent } from "./protocol";

/** Answers that arrive together are told of together. */
const gather = 300;

/**
 * Tells the server which answers have arrived and which were read. A receipt that fails is worth no trouble: it is told again with the next one,
 * and with the next page.
 */
export class Receipts {
  /** What the visitor has seen on this page, whatever the server knows yet. */
  readonly seen = new Set<string>();
  readonly #told = new Set<string>();
  #arrived: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (events: VisitorEvent[]) => Promise<unknown>) {}

  /** received looks for answers that nobody was told of yet. */
  received(messages: readonly Message[]): void {
    const fresh = messages.filter(
      ({ id, from, status }) => from === "agent" && status === "sent" && !this.#told.has(id),
    );
    if (fresh.length === 0) return;
    for (const { id } of fresh) this.#told.add(id);
    this.#arrived.push(...fresh.map(({ id }) => id));
    this.#timer ??= setTimeout(() => this.#deliver(), gather);
  }

  /** read says that the visitor has everything before their eyes. */
  read(messages: readonly Message[]): void {
    const unread = messages.filter(
      ({ id, from, status }) => from === "agent" && status !== "read" && !this.seen.has(id),
    );
    const last = unread.at(-1);
    if (!last) return;
    for (const { id } of unread) this.seen.add(id);
    this.send([{ type: "read", up_to: last.at }]).catch(() => unread.forEach(({ id }) => this.seen.delete(id)));
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#arrived = [];
    this.#told.clear();
    this.seen.clear();
  }

  #deliver(): void {
    const ids = this.#arrived;
    this.#arrived = [];
    this.#timer = undefined;
    this.send([{ type: "delivered", ids }]).catch(() => ids.forEach((id) => this.#told.delete(id)));
  }
}
