/** A WebSocket for tests: it opens, speaks and breaks when the test says so. */
export class FakeWebSocket extends EventTarget {
  static all: FakeWebSocket[] = [];
  static reset() {
    FakeWebSocket.all = [];
  }
  /** The one that was made last. */
  static last(): FakeWebSocket {
    const last = FakeWebSocket.all.at(-1);
    if (!last) throw new Error("no socket was made");
    return last;
  }

  readyState = 0;
  sent: string[] = [];

  constructor(readonly url: string) {
    super();
    FakeWebSocket.all.push(this);
  }

  send(text: string) {
    this.sent.push(text);
  }

  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  receive(frame: unknown) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }

  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}
