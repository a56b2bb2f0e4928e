import { vi } from "vitest";
import { FakeWebSocket } from "~/testing/sockets";
import { OmniChat } from "../element";
import { FakeServer } from "./fake-server";

if (!customElements.get("omni-chat")) customElements.define("omni-chat", OmniChat);

/** A page with the chat in it, as somebody sees it who looks and clicks. */
export class FakePage {
  readonly chat: OmniChat;

  constructor(
    readonly server = new FakeServer(),
    attributes: Record<string, string> = {},
  ) {
    vi.stubGlobal("fetch", FakeServer.fetch);
    this.chat = document.createElement("omni-chat") as OmniChat;
    const all = { endpoint: server.endpoint, account: "default", lang: "en", ...attributes };
    for (const [name, value] of Object.entries(all)) this.chat.setAttribute(name, value);
    document.body.append(this.chat);
  }

  /** reload is a new page on the same browser. */
  reload(attributes: Record<string, string> = {}): FakePage {
    this.chat.remove();
    return new FakePage(this.server, attributes);
  }

  all<E extends Element = HTMLElement>(selector: string): E[] {
    return [...(this.chat.shadowRoot?.querySelectorAll<E>(selector) ?? [])];
  }

  one<E extends Element = HTMLElement>(selector: string): E {
    const found = this.all<E>(selector)[0];
    if (!found) throw new Error(`nothing is ${selector} in ${this.chat.shadowRoot?.innerHTML ?? ""}`);
    return found;
  }

  get bubbles(): string[] {
    return this.all("ol .words, ol em").map((each) => each.textContent ?? "");
  }

  /** connect lets the newest socket open. */
  async connect(): Promise<void> {
    await vi.waitFor(() => FakeWebSocket.last());
    FakeWebSocket.last().open();
  }

  write(text: string): void {
    const field = this.one<HTMLTextAreaElement>("textarea");
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  send(text: string): void {
    this.write(text);
    this.one("form.composer").dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  }

  click(name: string): void {
    const button = this.all<HTMLButtonElement>("button").find(
      (each) => each.getAttribute("aria-label")?.startsWith(name) || each.textContent === name,
    );
    if (!button) throw new Error(`no button ${name}`);
    button.click();
  }
}
