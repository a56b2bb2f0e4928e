/** A Storage that lasts as long as the page: for browsers that allow none, and for tests. */
export class MemoryStorage implements Storage {
  private readonly values = new Map<string, string>();

  get length(): number {
    return this.values.size;
  }
  key = (index: number): string | null => [...this.values.keys()][index] ?? null;
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.values.set(key, value);
  removeItem = (key: string): void => void this.values.delete(key);
  clear = (): void => this.values.clear();
  [name: string]: unknown;
}

/** The browser's storage, or one in memory where the browser refuses it. */
export function lastingStorage(): Storage {
  try {
    window.localStorage.getItem("omni");
    return window.localStorage;
  } catch {
    return new MemoryStorage();
  }
}
