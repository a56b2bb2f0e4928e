import { createBackoff } from "~/api/realtime/backoff";
import { isTemporary, Problem } from "~/api/problem";
import { Refusal } from "./client";
import type { Choice, VisitorEvent } from "./protocol";
import type { Vault } from "./vault";

/** What the visitor sent and the server does not show yet. */
export interface Entry {
  /** The message that comes back has the same. */
  id: string;
  at: string;
  text?: string;
  file?: OwnFile;
  choice?: Choice;
  reply_to?: string;
  /** Instead of a message: where answers may go as well. */
  email?: string;
  /** taken: the server has it, and will show it. */
  state: "waiting" | "taken" | "refused";
  /** Why it was refused, in the server's words. */
  why?: string;
}

/** A file that has been uploaded. */
export interface OwnFile {
  token: string;
  name: string;
  mime: string;
  bytes: number;
}

export type Outgoing = Pick<Entry, "text" | "file" | "choice" | "reply_to" | "email">;

export interface OutboxOptions {
  vault: Vault;
  send(events: VisitorEvent[]): Promise<unknown>;
  onChange(): void;
}

/** The most that one request carries: what was written without a network comes at once. */
const atOnce = 20;

/**
 * What is on its way, kept until the message itself comes back: through reloads, and whatever the network does. Entries keep their order and
 * their ids, so trying again sends nothing twice.
 */
export class Outbox {
  #list: Entry[] = [];
  readonly #backoff = createBackoff();
  #sending = false;
  #visitors = 0; // that there have been on this page
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: OutboxOptions) {}

  entries = (): readonly Entry[] => this.#list;

  /** load takes up what an earlier page left. What was on its way then is sent again. */
  load(): void {
    const kept = this.options.vault.all("out:").flatMap(([, value]) => parsed(value));
    const revived = kept.map((entry): Entry => (entry.state === "taken" ? { ...entry, state: "waiting" } : entry));
    this.#list = revived.toSorted((a, b) => (a.at < b.at ? -1 : 1));
    this.options.onChange();
  }

  add(what: Outgoing): void {
    const last = this.#list.at(-1);
    const at = new Date(Math.max(Date.now(), last ? Date.parse(last.at) + 1 : 0)).toISOString();
    this.#put({ ...what, id: crypto.randomUUID(), at, state: "waiting" });
    this.wake();
  }

  /** retry sends anew what was refused. */
  retry(id: string): void {
    const entry = this.#list.find((each) => each.id === id);
    if (entry) this.#put({ ...entry, state: "waiting", why: undefined });
    this.wake();
  }

  /** settle forgets what has come back, and what the visitor gives up. */
  settle(ids: ReadonlySet<string>): void {
    if (!this.#list.some(({ id }) => ids.has(id))) return;
    for (const id of ids) this.options.vault.delete(`out:${id}`);
    this.#list = this.#list.filter(({ id }) => !ids.has(id));
    this.options.onChange();
  }

  /** leave forgets what the server has, for a visitor who becomes somebody else; what waits may go along or not. */
  leave(along: boolean): void {
    this.#visitors++;
    const left = this.#list.filter(({ state }) => !along || state === "taken");
    this.settle(new Set(left.map(({ id }) => id)));
  }

  /** wake tries at once: there is something new, or the network is back. */
  wake(): void {
    clearTimeout(this.#timer);
    if (!this.#sending) void this.#drain();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    let pause: number | undefined;
    for (let waiting = this.#waiting(); waiting.length > 0 && pause === undefined; waiting = this.#waiting())
      pause = await this.#attempt(waiting);
    this.#sending = false;
    if (pause !== undefined) this.#timer = setTimeout(() => this.wake(), pause);
  }

  #waiting(): Entry[] {
    return this.#list.filter((entry) => entry.state === "waiting").slice(0, atOnce);
  }

  /** attempt sends some entries, and says after how long they have to be tried again, if so. */
  async #attempt(entries: Entry[]): Promise<number | undefined> {
    try {
      const visitors = this.#visitors;
      await this.options.send(entries.map(eventOf));
      this.#backoff.reset();
      this.#become(entries, { state: "taken" });
      // An address comes back as no message, and nothing comes back to a visitor who is somebody else by now.
      const done = entries.filter(({ email }) => email || visitors !== this.#visitors);
      this.settle(new Set(done.map(({ id }) => id)));
    } catch (error) {
      if (!isFinal(error)) return Math.max(this.#backoff.next(), pauseOf(error));
      // One that cannot be taken must not take the others with it.
      if (entries.length > 1) return this.#attempt(entries.slice(0, 1));
      this.#become(entries, { state: "refused", why: error.message });
    }
    return undefined;
  }

  #become(entries: Entry[], change: Pick<Entry, "state" | "why">): void {
    for (const { id } of entries) {
      const entry = this.#list.find((each) => each.id === id);
      if (entry) this.#put({ ...entry, ...change });
    }
  }

  #put(entry: Entry): void {
    this.options.vault.set(`out:${entry.id}`, JSON.stringify(entry));
    const at = this.#list.findIndex(({ id }) => id === entry.id);
    this.#list = at < 0 ? [...this.#list, entry] : this.#list.with(at, entry);
    this.options.onChange();
  }
}

// A token that is refused is no fault of the message: the next one may be taken.
const isFinal = (error: unknown): error is Problem =>
  error instanceof Problem && !isTemporary(error) && error.status !== 401;

const pauseOf = (error: unknown): number => (error instanceof Refusal ? error.retryAfter * 1000 : 0);

function eventOf({ id, at, text, file, choice, reply_to, email }: Entry): VisitorEvent {
  if (email) return { type: "email", id, email };
  return { type: "message", id, at, text, file: file?.token, choice, reply_to };
}

function parsed(value: string): Entry[] {
  try {
    return [JSON.parse(value) as Entry];
  } catch {
    return [];
  }
}
