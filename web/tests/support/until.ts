import { setTimeout as pause } from "node:timers/promises";

/** until asks again and again for what is not there yet (undefined or false), and returns it. What `ask` throws ends it at once. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, most = 30_000): Promise<T> {
  const end = Date.now() + most;
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`It did not happen within ${most} ms: ${what}`);
    await pause(50);
  }
}
