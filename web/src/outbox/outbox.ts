import type { Message } from "~/api/types";
import type { Entry, EntryProblem, Outgoing } from "./entry";
import { EntryStore } from "./store";

/** What the server said. later: it was not reached, or could not answer now; nothing speaks against trying again with the same key. */
export type Answer =
  { type: "sent"; messages: Message[] } | { type: "later" } | { type: "refused"; problem: EntryProblem };

export interface OutboxOptions {
  storage: Storage;
  agent: string;
  send: (entry: Entry) => Promise<Answer>;
  online: () => boolean;
  now?: () => number;
  /** Runs a function unless another tab runs one of that name; null: there is only this tab. */
  exclusive?: (name: string, run: () => Promise<void>) => Promise<void>;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** After this long nobody can know whether what was written still fits: the agent is asked. */
const STALE_AFTER = 60 * 60_000;

const NONE: readonly Entry[] = Object.freeze([]);

/**
 * What an agent sent and the server has not confirmed: kept in the browser, tried until there is an answer, in order within a conversation.
 * Nothing is ever given up silently, and nothing is sent twice, because an entry keeps its key.
 */
export class Outbox {
  private readonly store: EntryStore;
  private readonly listeners = new Set<() => void>();
  private readonly sentListeners = new Set<(conversation: string, messages: Message[]) => void>();
  private readonly underWay = new Set<string>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private byConversation = new Map<string, readonly Entry[]>();

  constructor(private readonly options: OutboxOptions) {
    this.store = new EntryStore(options.storage, options.agent);
    for (const entry of this.store.all()) if (entry.state === "sent") this.store.delete(entry);
    this.load();
  }

  entries = (conversation: string): readonly Entry[] => this.byConversation.get(conversation) ?? NONE;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Tells of messages that the server has taken, before their entry says so: they can be shown at once, without waiting for the feed. */
  onSent = (listener: (conversation: string, messages: Message[]) => void): (() => void) => {
    this.sentListeners.add(listener);
    return () => this.sentListeners.delete(listener);
  };

  add = (conversation: string, what: Outgoing): Entry => {
    const at = new Date(this.nextTime(conversation)).toISOString();
    const entry: Entry = {
      key: crypto.randomUUID(),
      conversation,
      at,
      since: at,
      what,
      state: "waiting",
      tries: 0,
    };
    this.put(entry);
    this.drain(conversation);
    return entry;
  };

  /** Takes an entry back, as long as the server cannot have it. */
  discard = (key: string): void => {
    const entry = this.find(key);
    if (!entry || entry.state === "sending") return;
    this.remove(entry);
    this.drain(entry.conversation);
  };

  /** Tries again what waits, went stale or was refused for a reason that may have passed. */
  retry = (key: string): void => {
    const entry = this.find(key);
    if (!entry || entry.state === "sending" || entry.state === "sent") return;
    this.put({ ...entry, state: "waiting", problem: undefined, since: new Date(this.now()).toISOString() });
    this.drain(entry.conversation);
  };

  /** The messages of an entry are shown: it has done its work. */
  settle = (key: string): void => {
    const entry = this.find(key);
    if (entry?.state === "sent") this.remove(entry);
  };

  /** Tries everything that waits: at start, when the browser is online again, after a sign-in. */
  wake = (): void => {
    for (const conversation of this.byConversation.keys()) this.drain(conversation);
  };

  /** Another tab changed the storage. */
  changedElsewhere = (name: string | null): void => {
    if (this.store.owns(name)) this.load();
  };

  close = (): void => {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  };

  private drain(conversation: string): void {
    clearTimeout(this.timers.get(conversation));
    this.timers.delete(conversation);
    if (this.underWay.has(conversation)) return;
    this.underWay.add(conversation);
    void this.takeTurn(conversation);
  }

  private async takeTurn(conversation: string): Promise<void> {
    const exclusive = this.options.exclusive ?? ((_name, run) => run());
    try {
      await exclusive(`omni.outbox:${this.options.agent}:${conversation}`, () => this.deliver(conversation));
    } catch {
      // Whatever the reason, it loses nothing; and it is no reason to try again without a pause.
      this.later(conversation, LONGEST_PAUSE);
    }
    this.underWay.delete(conversation);
    if (this.next(conversation) && this.options.online() && !this.timers.has(conversation)) this.drain(conversation);
  }

  private later(conversation: string, pause: number): void {
    this.timers.set(
      conversation,
      setTimeout(() => this.drain(conversation), pause),
    );
  }

  private async deliver(conversation: string): Promise<void> {
    this.load();
    this.revive(conversation);
    for (;;) {
      const entry = this.next(conversation);
      if (!entry || !this.options.online()) return;
      if (await this.attempt(entry)) continue;
      const pause = Math.min(FIRST_PAUSE * 2 ** entry.tries, LONGEST_PAUSE);
      this.later(conversation, pause);
      return;
    }
  }

  /** Makes one attempt, and says whether the next entry may go. */
  private async attempt(entry: Entry): Promise<boolean> {
    this.put({ ...entry, state: "sending" });
    const answer = await this.options.send(entry).catch((): Answer => ({ type: "later" }));
    switch (answer.type) {
      case "sent":
        for (const listener of this.sentListeners) listener(entry.conversation, answer.messages);
        this.put({ ...entry, state: "sent", messages: answer.messages.map(({ id }) => id) });
        return true;
      case "refused":
        this.put({ ...entry, state: "refused", problem: answer.problem });
        return true;
      case "later":
        this.put({ ...entry, state: "waiting", tries: entry.tries + 1 });
        return false;
    }
  }

  private next(conversation: string): Entry | undefined {
    return this.entries(conversation).find((entry) => entry.state === "waiting");
  }

  /** Two entries of a conversation never have the same time, so that their order is the order in which they were sent. */
  private nextTime(conversation: string): number {
    const last = this.entries(conversation).at(-1);
    return Math.max(this.now(), last ? Date.parse(last.at) + 1 : 0);
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private find(key: string): Entry | undefined {
    for (const entries of this.byConversation.values()) {
      const entry = entries.find((one) => one.key === key);
      if (entry) return entry;
    }
    return undefined;
  }

  private put(entry: Entry): void {
    this.store.put(entry);
    const others = this.entries(entry.conversation).filter((one) => one.key !== entry.key);
    const entries = [...others, entry].toSorted((a, b) => (a.at < b.at ? -1 : 1));
    this.byConversation.set(entry.conversation, entries);
    this.tell();
  }

  private remove(entry: Entry): void {
    this.store.delete(entry);
    const left = this.entries(entry.conversation).filter((one) => one.key !== entry.key);
    this.byConversation.set(entry.conversation, left);
    this.tell();
  }

  private load(): void {
    this.byConversation = new Map();
    for (const entry of this.store.all())
      this.byConversation.set(entry.conversation, [...this.entries(entry.conversation), entry]);
    this.tell();
  }

  /**
   * Looks at what is left of earlier pages and hours, once no other tab is sending. An attempt that was cut off is made again, which its key
   * makes harmless; what waited too long is not made without asking.
   */
  private revive(conversation: string): void {
    for (const entry of this.entries(conversation)) {
      if (entry.state !== "waiting" && entry.state !== "sending") continue;
      const old = this.now() - Date.parse(entry.since) > STALE_AFTER;
      if (old) this.put({ ...entry, state: "stale" });
      else if (entry.state === "sending") this.put({ ...entry, state: "waiting" });
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
