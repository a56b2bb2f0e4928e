import { Problem } from "../problem";
import { createBackoff } from "./backoff";

/** One answer of a feed, whatever its changes are. */
export interface PageOf<Change> {
  changes: Change[];
  next: string;
  more: boolean;
  pending: boolean;
}

export interface FeedReaderOptions<Change> {
  read(after: string | null, signal: AbortSignal): Promise<PageOf<Change>>;
  /** Changes in their order, each exactly once. */
  onChanges(changes: Change[]): void;
  /** The place was lost: what is shown may be of any age. A new place is known already. */
  onExpired(): void;
  /** Whether the last attempt succeeded, and whether more is waiting to be read. */
  onState(state: { reached: boolean; behind: boolean }): void;
}

export interface FeedReader {
  /** Finds the present end of the feed. What is loaded after this resolves, and every change, make one whole. */
  start(): Promise<void>;
  /** Something may have changed. However often it is called, one read is in flight and at most one waits. */
  ask(): void;
  stop(): void;
}

// A change that is not committed in order yet is visible after about this time.
const pendingPause = 50;

/** Reads the feed from a cursor, which moves by reading only: no change is missed, whatever the sockets do. */
export function createFeedReader<Change>(options: FeedReaderOptions<Change>): FeedReader {
  const { read, onChanges, onExpired, onState } = options;
  const stopped = new AbortController();
  const backoff = createBackoff();
  let cursor: string | null = null;
  let reading = false;
  let wanted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const later = (wait: number) => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  };

  const step = async () => {
    const page = await read(cursor, stopped.signal);
    if (stopped.signal.aborted) return;
    cursor = page.next;
    backoff.reset();
    if (page.changes.length > 0) onChanges(page.changes);
    onState({ reached: true, behind: page.more });
    if (page.more) wanted = true;
    else if (page.pending) later(pendingPause);
  };

  const failed = async (error: unknown) => {
    if (stopped.signal.aborted) return;
    if (error instanceof Problem && error.code === "feed_expired") {
      cursor = null;
      await step().then(onExpired, failed);
      return;
    }
    onState({ reached: error instanceof Problem && error.status < 500, behind: true });
    later(backoff.next());
  };

  const run = async () => {
    reading = true;
    while (wanted && !stopped.signal.aborted) {
      wanted = false;
      await step().catch(failed);
    }
    reading = false;
  };

  function ask() {
    clearTimeout(timer);
    wanted = true;
    if (!reading) void run();
  }

  return {
    start: step,
    ask,
    stop() {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}
