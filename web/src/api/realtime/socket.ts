import { createBackoff } from "./backoff";

export interface Frame {
  type?: unknown;
}

export interface SocketOptions {
  /** A fresh address, with a ticket that works once. */
  url(signal: AbortSignal): Promise<string>;
  onOpen(): void;
  onClose(): void;
  /** Something changed: read the feed. */
  onFeed(): void;
  /** Any other frame: somebody is there, or does something. */
  onFrame(frame: Frame): void;
  WebSocket?: typeof WebSocket;
}

export interface Socket {
  start(): void;
  /** The network is back, or the reader is: do not wait for the next attempt. */
  hurry(): void;
  stop(): void;
}

const pingEvery = 30_000;
// Two pings without any answer: the connection is dead, whatever the browser thinks.
const deadAfter = 75_000;

/** Keeps one socket open. It carries hints only, so that losing it loses nothing but time. */
export function createSocket(options: SocketOptions): Socket {
  const stopped = new AbortController();
  const backoff = createBackoff();
  let socket: WebSocket | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let connecting = false;

  const connect = async () => {
    if (connecting || socket || stopped.signal.aborted) return;
    connecting = true;
    clearTimeout(retry);
    try {
      const url = await options.url(stopped.signal);
      if (!stopped.signal.aborted) open(url);
    } catch {
      again();
    } finally {
      connecting = false;
    }
  };

  const again = () => {
    if (stopped.signal.aborted) return;
    clearTimeout(retry);
    retry = setTimeout(connect, backoff.next());
  };

  const open = (url: string) => {
    const opened = new (options.WebSocket ?? WebSocket)(url);
    socket = opened;
    let heard = Date.now();
    const beat = setInterval(() => {
      if (Date.now() - heard > deadAfter) opened.close();
      else if (opened.readyState === 1) opened.send('{"type":"ping"}');
    }, pingEvery);
    opened.addEventListener("open", () => {
      backoff.reset();
      options.onOpen();
    });
    opened.addEventListener("message", ({ data }) => {
      heard = Date.now();
      receive(String(data), options);
    });
    opened.addEventListener("close", () => {
      clearInterval(beat);
      if (socket !== opened) return;
      socket = null;
      options.onClose();
      again();
    });
  };

  return {
    start: () => void connect(),
    hurry() {
      backoff.reset();
      void connect();
    },
    stop() {
      stopped.abort();
      clearTimeout(retry);
      const last = socket;
      socket = null;
      last?.close();
    },
  };
}

function receive(text: string, options: SocketOptions) {
  const frame = frameOf(text);
  if (frame?.type === "feed") options.onFeed();
  else if (frame) options.onFrame(frame);
}

// A frame of a later version of the server must not stop this one.
function frameOf(text: string): Frame | null {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" ? frame : null;
  } catch {
    return null;
  }
}
