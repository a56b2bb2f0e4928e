import { useSyncExternalStore } from "react";

// One clock for the whole page: every countdown shows the same moment, and one timer moves them all.
const tick = 15_000;
const readers = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function advance() {
  now = Date.now();
  for (const reader of readers) reader();
}

function subscribe(reader: () => void) {
  if (readers.size === 0) {
    now = Date.now();
    timer = setInterval(advance, tick);
    // A sleeping laptop's timers stand still: what is shown must be right at once when it wakes.
    document.addEventListener("visibilitychange", advance);
  }
  readers.add(reader);
  return () => {
    readers.delete(reader);
    if (readers.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", advance);
  };
}

/** The time in milliseconds, moving every 15 seconds. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
