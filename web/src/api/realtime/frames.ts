// A burst of changes costs one render: they are gathered until the next frame, or a moment if the page is hidden and draws none.
const hiddenPause = 100;

export interface Gatherer<T> {
  add(items: T[]): void;
  stop(): void;
}

export function createGatherer<T>(flush: (items: T[]) => void): Gatherer<T> {
  let gathered: T[] = [];
  let cancel: (() => void) | null = null;

  const run = () => {
    cancel = null;
    const items = gathered;
    gathered = [];
    flush(items);
  };

  return {
    add(items) {
      gathered.push(...items);
      cancel ??= schedule(run);
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}

function schedule(run: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(run, hiddenPause);
    return () => clearTimeout(timer);
  }
  // A page that is hidden before its next frame would wait until it is seen again.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    run();
  });
  timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    run();
  }, hiddenPause);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
