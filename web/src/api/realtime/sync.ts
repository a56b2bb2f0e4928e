import type { FeedChange, FeedPage, Presence } from "../types";
import { createFeedReader } from "./feed-reader";
import { createGatherer } from "./frames";
import { createPace } from "./pace";
import { createPresences, type Presences } from "./presences";
import { createSocket } from "./socket";

/** online: what is shown is what is. catching up: it may be behind by a moment. offline: the server is not reached. */
export type Connection = "online" | "catching up" | "offline";

export interface SyncOptions {
  readFeed(after: string | null, signal: AbortSignal): Promise<FeedPage>;
  socketUrl(signal: AbortSignal): Promise<string>;
  /** Folds changes into what is shown; at most once per frame. */
  onChanges(changes: FeedChange[]): void;
  /** Everything that is shown may be of any age: load it anew. */
  onExpired(): void;
  WebSocket?: typeof WebSocket;
}

export interface Sync {
  /** Resolves once changes will be seen: what is loaded from then on misses none. Rejects if the server is not reached. */
  start(): Promise<void>;
  stop(): void;
  connection(): Connection;
  subscribe(listener: () => void): () => void;
  presences: Presences;
  /** Customers who write at the moment; not every channel tells. */
  writing: Presences;
}

// Of a conversation there is one, and everybody knows the name.
const customer = { id: "customer", name: "" };

// A push may have been sent before this connection was known to the server.
const secondLook = 1_500;
const backstop = 30_000;
// Without a socket, asking is the only way to hear of anything.
const withoutSocket = 5_000;
// However fast frames come: nobody sees a difference below this, and each read costs the server one. All dashboards get a frame at once, so each has
// another pause, that they do not read at once ever after.
const betweenReads = () => 200 + 200 * Math.random();

export function createSync(options: SyncOptions): Sync {
  const presences = createPresences();
  const writing = createPresences();
  const listeners = new Set<() => void>();
  const gatherer = createGatherer(options.onChanges);
  const state = { open: false, reached: true, behind: false };
  let connection: Connection = "catching up";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let look: ReturnType<typeof setTimeout> | undefined;

  const update = (change: Partial<typeof state>) => {
    Object.assign(state, change);
    const next = connectionOf(state);
    if (next === connection) return;
    connection = next;
    listeners.forEach((listener) => listener());
  };

  const feed = createFeedReader({
    read: options.readFeed,
    onChanges: gatherer.add,
    onExpired: options.onExpired,
    onState: update,
  });

  const pace = createPace(feed.ask, betweenReads);

  const beat = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        feed.ask();
        beat();
      },
      state.open ? backstop : withoutSocket,
    );
  };

  const socket = createSocket({
    url: options.socketUrl,
    WebSocket: options.WebSocket,
    onOpen() {
      update({ open: true });
      feed.ask();
      clearTimeout(look);
      look = setTimeout(feed.ask, secondLook);
      beat();
    },
    onClose() {
      // Who left while nothing was heard is not known: better nobody than ghosts.
      presences.clear();
      writing.clear();
      update({ open: false });
      feed.ask();
      beat();
    },
    onFeed: pace.ask,
    onFrame(frame) {
      if (frame.type === "presence") presences.note(frame as Presence);
      if (frame.type === "typing") writing.note({ ...(frame as Presence), agent: customer });
    },
  });

  const wake = () => {
    update({});
    if (document.hidden || !navigator.onLine) return;
    socket.hurry();
    feed.ask();
  };

  return {
    async start() {
      await feed.start();
      addEventListener("online", wake);
      addEventListener("offline", wake);
      document.addEventListener("visibilitychange", wake);
      socket.start();
      beat();
    },
    stop() {
      removeEventListener("online", wake);
      removeEventListener("offline", wake);
      document.removeEventListener("visibilitychange", wake);
      clearTimeout(timer);
      clearTimeout(look);
      pace.stop();
      socket.stop();
      feed.stop();
      gatherer.stop();
    },
    connection: () => connection,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    presences,
    writing,
  };
}

function connectionOf({ open, reached, behind }: { open: boolean; reached: boolean; behind: boolean }): Connection {
  if (!navigator.onLine || !reached) return "offline";
  return open && !behind ? "online" : "catching up";
}
