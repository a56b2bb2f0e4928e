import type { Entry } from "./entry";

/**
 * Where the entries of one agent lie: each under a key of its own, so that two tabs that write at the same time do not undo each other. The
 * keys sort by the time at which the agent sent.
 */
export class EntryStore {
  constructor(
    private readonly storage: Storage,
    agent: string,
  ) {
    this.prefix = `omni.outbox:${agent}:`;
  }

  private readonly prefix: string;

  all(): Entry[] {
    const entries: Entry[] = [];
    for (let n = 0; n < this.storage.length; n++) {
      const name = this.storage.key(n);
      const value = name?.startsWith(this.prefix) ? this.storage.getItem(name) : null;
      const entry = value === null ? null : parse(value);
      if (entry) entries.push(entry);
    }
    return entries.toSorted((a, b) => (this.name(a) < this.name(b) ? -1 : 1));
  }

  put(entry: Entry): void {
    this.storage.setItem(this.name(entry), JSON.stringify(entry));
  }

  delete(entry: Entry): void {
    this.storage.removeItem(this.name(entry));
  }

  /** Whether a change of the browser's storage by another tab is about these entries. */
  owns(name: string | null): boolean {
    return name === null || name.startsWith(this.prefix);
  }

  private name(entry: Entry): string {
    return `${this.prefix}${entry.at}:${entry.key}`;
  }
}

function parse(value: string): Entry | null {
  try {
    const entry: unknown = JSON.parse(value);
    return typeof entry === "object" && entry !== null && "key" in entry && "what" in entry ? (entry as Entry) : null;
  } catch {
    return null;
  }
}
