/** How long to wait before the next attempt: 1 s, growing by half to 30 s, each a little different so that a thousand browsers do not come at once. */
export interface Backoff {
  next(): number;
  reset(): void;
}

export function createBackoff(random: () => number = Math.random): Backoff {
  let wait = 1000;
  return {
    next() {
      const now = wait * (0.75 + random() * 0.5);
      wait = Math.min(wait * 1.5, 30_000);
      return now;
    },
    reset() {
      wait = 1000;
    },
  };
}
