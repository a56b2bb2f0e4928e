import { paint } from "./jsx/paint";
import type { VNode } from "./jsx/vnode";
import { Chat } from "./chat/chat";
import { Composition } from "./chat/composition";
import type { Identity, Message, Theme } from "./chat/protocol";
import type { OwnTexts } from "./i18n/texts";
import { directionOf, languageOf, siteOf, textsOf, themeOf, type Look } from "./look";
import { sheet, widgetSheet } from "./style/sheets";
import { themeRules } from "./style/theme";
import { App } from "./view/App";
import { blank, type Screen } from "./view/screen";
import { summaryOf } from "./view/summary";

/** What happens in a chat, for the page around it. */
export interface ChatEvents {
  open: undefined;
  close: undefined;
  /** How many answers wait. */
  unread: { count: number };
  /** An answer arrived. */
  message: Message;
}

/**
 * The chat as an element of a page: `<omni-chat endpoint="https://…" account="default">`. Attributes: endpoint, account, lang, dir, accent, scheme,
 * position, logo, texts (JSON), consent ("required").
 */
export class OmniChat extends HTMLElement {
  static readonly observedAttributes = ["lang", "dir", "accent", "scheme", "position", "logo", "texts"];

  #chat: Chat | null = null;
  #composition: Composition | null = null;
  readonly #theme = sheet("");
  #own: Look = {};
  #wishes: ((chat: Chat) => void)[] = [];
  #announced = "";
  #unread = 0;
  #rules = "";
  #screen = blank;
  #drawn: VNode[] = [];

  connectedCallback(): void {
    if (this.#chat) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [widgetSheet(), this.#theme];
    const chat = new Chat({
      site: siteOf(this),
      needsConsent: this.getAttribute("consent") === "required",
      locale: () => languageOf(this),
      onChange: () => this.#paint(),
      onAnswers: (messages) => this.#tell(messages),
    });
    this.#chat = chat;
    for (const wish of this.#wishes.splice(0)) wish(chat);
    chat.begin();
    this.#composition = new Composition({
      draft: chat.draft(),
      keep: (draft) => chat.keepDraft(draft),
      create: (file) => chat.upload(file),
      onChange: () => this.#paint(),
    });
    this.#paint();
  }

  disconnectedCallback(): void {
    this.#chat?.dispose();
    this.#chat = this.#composition = null;
    this.#draw([]);
  }

  attributeChangedCallback(): void {
    this.#paint();
  }

  open(): void {
    this.#show(true);
  }

  close(): void {
    this.#show(false);
  }

  /** consent tells what the visitor decided, where the site asks for everything at once. */
  consent(given: boolean): void {
    this.#wish((chat) => chat.consent(given));
  }

  /** identify says who is signed in to the site. */
  identify(identity: Identity): void {
    this.#wish((chat) => chat.identify(identity));
  }

  /** forget leaves nothing behind: for a sign-out. */
  forget(): void {
    this.#wish((chat) => chat.forget());
    this.#composition?.reset({ text: "", files: [] });
  }

  setTexts(texts: OwnTexts): void {
    this.#own = { ...this.#own, texts: { ...this.#own.texts, ...texts } };
    this.#paint();
  }

  setTheme(theme: Theme): void {
    this.#own = { ...this.#own, theme: { ...this.#own.theme, ...theme } };
    this.#paint();
  }

  /** on calls a function at each event of a kind, and returns how to stop it. */
  on<K extends keyof ChatEvents>(name: K, listener: (detail: ChatEvents[K]) => void): () => void {
    const heard = (event: Event) => listener((event as CustomEvent<ChatEvents[K]>).detail);
    this.addEventListener(`omni-${name}`, heard);
    return () => this.removeEventListener(`omni-${name}`, heard);
  }

  #wish(wish: (chat: Chat) => void): void {
    if (this.#chat) wish(this.#chat);
    else this.#wishes.push(wish);
  }

  #show(open: boolean): void {
    this.#wish((chat) => {
      if (chat.state.open === open) return;
      const focused = this.shadowRoot?.activeElement;
      chat.open(open);
      // Whoever closes the chat goes on where they opened it.
      if (!open && focused) this.shadowRoot?.querySelector<HTMLElement>(".launcher")?.focus();
      this.#emit(open ? "open" : "close", undefined);
    });
  }

  #emit<K extends keyof ChatEvents>(name: K, detail: ChatEvents[K]): void {
    this.dispatchEvent(new CustomEvent(`omni-${name}`, { detail }));
  }

  #tell(messages: readonly Message[]): void {
    const t = textsOf(this, this.#chat?.state.settings ?? null, this.#own);
    const lines = messages.map((each) => `${t("said", { name: each.name || t("agent") })} ${summaryOf(each, t)}`);
    this.#announced = lines.join("\n");
    this.#paint();
    for (const message of messages) this.#emit("message", message);
  }

  #paint(): void {
    const [chat, composition, root, own] = [this.#chat, this.#composition, this.shadowRoot, this.#own];
    if (!chat || !composition || !root) return;
    const { settings, unread } = chat.state;
    const theme = themeOf(this, settings, own);
    const rules = themeRules(theme);
    if (rules !== this.#rules) this.#theme.replaceSync((this.#rules = rules));
    const view = {
      chat,
      state: chat.state,
      composition,
      draft: composition.draft,
      screen: this.#screen,
      show: (change: Partial<Screen>) => {
        this.#screen = { ...this.#screen, ...change };
        this.#paint();
      },
      t: textsOf(this, settings, own),
      language: languageOf(this),
      direction: directionOf(this),
      logo: theme.logo,
      now: Date.now(),
      announced: this.#announced,
      open: (open: boolean) => this.#show(open),
    };
    this.#draw([App(view) as VNode]);
    if (unread !== this.#unread) this.#emit("unread", { count: (this.#unread = unread) });
  }

  #draw(nodes: VNode[]): void {
    if (this.shadowRoot) paint(this.shadowRoot, this.#drawn, nodes);
    this.#drawn = nodes;
  }
}
