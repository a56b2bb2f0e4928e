import { OmniChat } from "./element";

type Wish = (chat: OmniChat) => void;

declare global {
  interface Window {
    /** Before the script has run an array of functions, then the chat itself. */
    OmniChat?: Wish[] | (OmniChat & { push(wish: Wish): void });
  }
}

/** attach puts the chat that the script tag describes into the page. */
function attach(script: HTMLScriptElement): void {
  const chat = document.createElement("omni-chat") as OmniChat;
  chat.setAttribute("endpoint", new URL(script.src).origin);
  for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value ?? "");
  const wishes = Array.isArray(window.OmniChat) ? window.OmniChat : [];
  const push = (wish: Wish) => wish(chat);
  window.OmniChat = Object.assign(chat, { push });
  wishes.forEach(push);
  const append = () => document.body.append(chat);
  if (document.body) append();
  else addEventListener("DOMContentLoaded", append);
}

if (!customElements.get("omni-chat")) {
  customElements.define("omni-chat", OmniChat);
  const script = document.currentScript;
  if (script instanceof HTMLScriptElement && script.dataset["account"] !== undefined) attach(script);
}
