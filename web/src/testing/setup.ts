import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { FakeWebSocket } from "./sockets";

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  FakeWebSocket.reset();
});

// No test reaches a network: a socket that nobody opens stays silent.
Object.defineProperty(globalThis, "WebSocket", { configurable: true, value: FakeWebSocket });

// happy-dom lays nothing out: a virtual list would find no room for a single row.
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: { configurable: true, get: () => 600 },
  offsetWidth: { configurable: true, get: () => 800 },
});
