import { afterEach } from "vitest";
import { FakeWebSocket } from "~/testing/sockets";

afterEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
  FakeWebSocket.reset();
});

// No test reaches a network: a socket that nobody opens stays silent.
Object.defineProperty(globalThis, "WebSocket", { configurable: true, value: FakeWebSocket });
