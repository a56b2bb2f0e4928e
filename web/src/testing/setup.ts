import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { FakeWebSocket } from "./sockets";

// A machine that does other things too may be slow; a test that waits in vain fails all the same.
configure({ asyncUtilTimeout: 5_000 });

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
  clientHeight: { configurable: true, get: () => 600 },
  clientWidth: { configurable: true, get: () => 800 },
  offsetHeight: { configurable: true, get: () => 600 },
  offsetWidth: { configurable: true, get: () => 800 },
});
