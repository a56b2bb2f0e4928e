import { lastingStorage, MemoryStorage } from "~/browser/storage";

/**
 * What the page remembers of a visitor: in the browser's storage once that is allowed, until then as long as the page lives. Nothing is kept in
 * cookies.
 */
export class Vault {
  #storage: Storage = new MemoryStorage();

  constructor(private readonly prefix: string) {}

  /** wasAllowed tells whether an earlier page was allowed to remember. */
  wasAllowed(): boolean {
    return lastingStorage().getItem(`${this.prefix}consent`) !== null;
  }

  /** allow keeps what there is, and what comes, beyond the page; what an earlier page kept is there again. */
  allow(): void {
    if (!(this.#storage instanceof MemoryStorage)) return;
    const lasting = lastingStorage();
    const early = this.all("");
    this.#storage = lasting;
    for (const [name, value] of early) this.set(name, value);
  }

  get(name: string): string | null {
    return this.#storage.getItem(this.prefix + name);
  }

  set(name: string, value: string): void {
    try {
      this.#storage.setItem(this.prefix + name, value);
    } catch {
      // A full storage is no reason to stop: what it does not take lives as long as the page.
      const kept = this.all("");
      this.#storage = new MemoryStorage();
      for (const [key, old] of [...kept, [name, value] as const]) this.#storage.setItem(this.prefix + key, old);
    }
  }

  delete(name: string): void {
    this.#storage.removeItem(this.prefix + name);
  }

  /** all is every name that begins like this, with its value. */
  all(start: string): [string, string][] {
    const wanted = this.prefix + start;
    const names = Array.from({ length: this.#storage.length }, (_, n) => this.#storage.key(n) ?? "");
    return names
      .filter((name) => name.startsWith(wanted))
      .map((name) => [name.slice(this.prefix.length), this.#storage.getItem(name) ?? ""]);
  }

  /** forget deletes everything. */
  forget(): void {
    for (const [name] of this.all("")) this.delete(name);
  }
}
