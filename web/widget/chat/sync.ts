import { createFeedReader, type PageOf } from "~/api/realtime/feed-reader";
import { createSocket, type Frame } from "~/api/realtime/socket";
import type { Message } from "./protocol";

export interface SyncOptions {
  /** The newest messages and where changes go on from there; or the changes after a place. */
  read(after: string | null, signal: AbortSignal): Promise<PageOf<Message>>;
  socketUrl(signal: AbortSignal): Promise<string>;
  onMessages(messages: Message[]): void;
  onFrame(frame: Frame): void;
  onReached(reached: boolean): void;
}

// A push may have been sent before this connection was known to the server.
const secondLook = 1_500;
const backstop = 30_000;
// Without a socket, asking is the only way to hear of anything.
const withoutSocket = 5_000;

/**
 * Keeps the messages as they are on the server, by the rules of docs/realtime.md. Looking without being told is for the time in which somebody
 * looks: a thousand pages in the background must not keep a database awake that could sleep.
 */
export class Sync {
  readonly #feed;
  readonly #socket;
  #connected = false;
  #watched = false;
  #beat: ReturnType<typeof setTimeout> | undefined;
  #look: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SyncOptions) {
    this.#feed = createFeedReader<Message>({
      read: options.read,
      onChanges: options.onMessages,
      onExpired: () => undefined,
      onState: ({ reached }) => options.onReached(reached),
    });
    this.#socket = createSocket({
      url: options.socketUrl,
      onOpen: () => this.#opened(true),
      onClose: () => this.#opened(false),
      onFeed: this.#feed.ask,
      onFrame: options.onFrame,
    });
  }

  /** start begins with the newest messages; it cannot fail, only take longer. */
  start(): void {
    this.#feed.ask();
    this.#socket.start();
    addEventListener("online", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
  }

  /** ask looks at once: there is something new. */
  ask(): void {
    this.#feed.ask();
  }

  /** watch says whether the visitor has the messages before their eyes. */
  watch(watched: boolean): void {
    if (this.#watched === watched) return;
    this.#watched = watched;
    if (watched) this.#wake();
    this.#tick();
  }

  stop(): void {
    removeEventListener("online", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    clearTimeout(this.#beat);
    clearTimeout(this.#look);
    this.#socket.stop();
    this.#feed.stop();
  }

  #opened(connected: boolean): void {
    this.#connected = connected;
    this.#feed.ask();
    clearTimeout(this.#look);
    if (connected) this.#look = setTimeout(this.#feed.ask, secondLook);
    this.#tick();
  }

  #tick(): void {
    clearTimeout(this.#beat);
    if (!this.#watched || document.hidden) return;
    this.#beat = setTimeout(
      () => {
        this.#feed.ask();
        this.#tick();
      },
      this.#connected ? backstop : withoutSocket,
    );
  }

  readonly #wake = (): void => {
    if (document.hidden || !navigator.onLine) return;
    this.#socket.hurry();
    this.#feed.ask();
    this.#tick();
  };
}
