import type { PageOf } from "~/api/realtime/feed-reader";
import type { Frame } from "~/api/realtime/socket";
import { createBackoff } from "~/api/realtime/backoff";
import { isTemporary, Problem } from "~/api/problem";
import type { Upload as ApiUpload } from "~/api/types";
import { mimeOf } from "~/thread/composer/files/check-file";
import { Client, type Site } from "./client";
import { keepDraft, readDraft, type Draft } from "./draft";
import { Outbox, type Outgoing } from "./outbox";
import type { Identity, Message, MessagePage, Session, VisitorEvent } from "./protocol";
import { Receipts } from "./receipts";
import { initial, type ChatState } from "./state";
import { Sync } from "./sync";
import { fold, isUnread } from "./timeline";
import { Typing, Writers } from "./typing";
import { Vault } from "./vault";

export interface ChatOptions {
  site: Site;
  /** Nothing is kept and nobody called before `consent`. */
  needsConsent: boolean;
  locale(): string;
  onChange(state: ChatState): void;
  /** Answers that arrived just now, in their order. */
  onAnswers(messages: Message[]): void;
}

/**
 * One visitor's chat: what there is to show, and what can be done. A page view calls nobody: the server hears of a visitor who opens the chat, or
 * who has written before.
 */
export class Chat {
  state: ChatState = initial;
  readonly typing: Typing;
  readonly #vault: Vault;
  readonly #client: Client;
  readonly #outbox: Outbox;
  readonly #receipts: Receipts;
  readonly #writers: Writers;
  readonly #backoff = createBackoff();
  #ended = false;
  #sync: Sync | null = null;
  #cursor: string | null = null; // of older messages
  #loading = false; // what comes now was there before
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ChatOptions) {
    const { site, locale } = options;
    this.#vault = new Vault(`omni.chat:${site.endpoint}:${site.account}:`);
    this.#client = new Client({ site, vault: this.#vault, locale, onSession: (session) => this.#met(session) });
    const send = (events: VisitorEvent[]) => this.#client.send(events);
    this.#outbox = new Outbox({
      vault: this.#vault,
      send: (events) => send(events).then(() => this.#sync?.ask()),
      onChange: () => this.#update({}),
    });
    this.#receipts = new Receipts(send);
    this.#writers = new Writers(() => this.#update({}));
    this.typing = new Typing((typing) => this.#client.typing(typing));
    document.addEventListener("visibilitychange", this.#see);
    addEventListener("online", this.#hurry);
  }

  /** begin takes up what an earlier page left, if that is allowed. */
  begin(): void {
    if (!this.options.needsConsent || this.#vault.wasAllowed()) this.#remember();
  }

  open(open: boolean): void {
    this.#update({ open });
    if (open) this.#start();
    this.#see();
  }

  /** consent lets the chat keep what it needs and call its server; taken back, everything that was kept is deleted. */
  consent(given: boolean): void {
    if (!given) return this.forget();
    this.#remember();
    if (this.state.open) this.#start();
  }

  /** identify says who the visitor is. It calls the server only if the chat does so anyway. */
  identify(identity: Identity): void {
    this.#client.identify(identity);
    if (identity.email) this.#update({ email: "known" });
    if (this.state.phase === "ready") void this.#client.session().catch(() => undefined);
  }

  /** forget leaves nothing of the visitor on this device: after a sign-out. */
  forget(): void {
    this.#silence();
    this.#vault.forget();
    this.#client.forget();
    this.#outbox.load();
    const { open } = this.state;
    this.state = initial;
    this.begin();
    this.open(open);
  }

  send(what: Outgoing): void {
    this.#vault.set("begun", "yes");
    this.typing.sent();
    this.#outbox.add(what);
    this.#start();
  }

  tryAgain(id: string): void {
    this.#outbox.retry(id);
  }

  giveUp(id: string): void {
    this.#outbox.settle(new Set([id]));
  }

  /** leaveEmail says where answers may go when the page is closed; null: nowhere. */
  leaveEmail(email: string | null): void {
    const known = email === null ? "declined" : "known";
    this.#vault.set("email", known);
    this.#update({ email: known });
    if (email !== null) this.send({ email });
  }

  draft(): Draft {
    return readDraft(this.#vault);
  }

  keepDraft(draft: Draft): void {
    keepDraft(this.#vault, draft);
  }

  /** upload is where the server wants a file. */
  async upload(file: File): Promise<ApiUpload> {
    const { url, headers, token } = await this.#client.upload({
      name: file.name,
      mime: mimeOf(file),
      bytes: file.size,
    });
    return { key: token, url: this.#client.address(url), method: "PUT", headers: headers ?? {}, expires_at: "" };
  }

  address(url: string): string {
    return this.#client.address(url);
  }

  async loadOlder(): Promise<void> {
    if (this.state.older !== "more" || this.#cursor === null) return;
    this.#update({ older: "loading" });
    try {
      const page = await this.#client.messages({ before: this.#cursor });
      this.#cursor = page.older;
      this.#update({ messages: fold(page.messages, this.state.messages), older: olderOf(page) });
    } catch {
      this.#update({ older: "more" });
    }
  }

  /** dispose ends everything; what is kept stays. */
  dispose(): void {
    document.removeEventListener("visibilitychange", this.#see);
    removeEventListener("online", this.#hurry);
    this.#silence();
    this.#ended = true;
  }

  #remember(): void {
    this.#vault.allow();
    if (this.options.needsConsent) this.#vault.set("consent", "given");
    this.#outbox.load();
    const email = this.#vault.get("email");
    this.#update({ consent: "given", email: email === "known" || email === "declined" ? email : this.state.email });
    if (this.#vault.get("begun") !== null) this.#start();
  }

  #start(): void {
    if (this.state.consent !== "given" || this.state.phase !== "idle") return;
    this.#update({ phase: "starting" });
    void this.#meet();
  }

  async #meet(): Promise<void> {
    clearTimeout(this.#retry);
    if (this.#ended) return;
    try {
      await this.#client.session();
      this.#backoff.reset();
    } catch (error) {
      if (error instanceof Problem && !isTemporary(error)) return this.#update({ phase: "refused" });
      this.#update({ reached: false });
      this.#retry = setTimeout(() => void this.#meet(), this.#backoff.next());
    }
  }

  /** met hears of every session, the first one and those that renew it. */
  #met({ visitor, settings }: Session): void {
    if (this.#ended) return;
    const before = this.#vault.get("visitor");
    if (before !== null && before !== visitor) this.#change();
    this.#vault.set("visitor", visitor);
    if (this.#client.account) this.#vault.set("signedIn", this.#client.account);
    this.#update({ settings, phase: "ready", reached: true });
    if (!this.#sync) this.#listen();
  }

  /** change is for a page whose visitor has become another one. What nobody in particular began goes on; what one account wrote is not another's. */
  #change(): void {
    this.#silence();
    this.#outbox.leave(this.#vault.get("signedIn") === null);
    this.#update({ messages: [], older: "none" });
  }

  #listen(): void {
    this.#sync = new Sync({
      read: (after, signal) => this.#read(after, signal),
      socketUrl: async (signal) => (await this.#client.ticket(signal)).url,
      onMessages: (messages) => this.#receive(messages),
      onFrame: (frame) => this.#hear(frame),
      onReached: (reached) => this.#update({ reached }),
    });
    this.#sync.start();
    this.#outbox.wake();
    this.#see();
  }

  async #read(after: string | null, signal: AbortSignal): Promise<PageOf<Message>> {
    const page = await this.#client.messages(after === null ? {} : { after }, signal);
    signal.throwIfAborted();
    this.#loading = after === null;
    if (page.read_until) this.#update({ readUntil: page.read_until });
    if (this.#loading) {
      this.#cursor = page.older;
      this.#update({ messages: [], older: olderOf(page) });
    }
    return { changes: page.messages, next: page.next ?? after ?? "", more: false, pending: page.pending };
  }

  #receive(news: Message[]): void {
    const known = new Set(this.state.messages.map(({ id }) => id));
    const answers = news.filter(({ id, from, status }) => from === "agent" && status !== "read" && !known.has(id));
    if (news.length > 0) this.#vault.set("begun", "yes");
    if (answers.length > 0) this.#writers.writing = null;
    this.#update({ messages: fold(this.state.messages, news) });
    this.#outbox.settle(new Set(news.map(({ id }) => id)));
    this.#receipts.received(news);
    if (!this.#loading && answers.length > 0) this.options.onAnswers(answers);
    this.#see();
  }

  #hear(frame: Frame & { state?: unknown; name?: unknown }): void {
    if (frame.type !== "typing") return;
    const name = typeof frame.name === "string" ? frame.name : undefined;
    this.#writers.note(frame.state === "typing" ? { name } : null);
  }

  readonly #see = (): void => {
    const watched = this.state.open && !document.hidden;
    this.#sync?.watch(watched);
    if (!watched) return;
    this.#receipts.read(this.state.messages);
    if (this.state.unread > 0) this.#update({});
  };

  readonly #hurry = (): void => {
    this.#backoff.reset();
    if (this.state.phase === "starting") void this.#meet();
    if (this.state.phase === "ready") this.#outbox.wake();
  };

  #silence(): void {
    clearTimeout(this.#retry);
    this.#sync?.stop();
    this.#sync = null;
    this.#outbox.stop();
    this.#receipts.reset();
    this.typing.sent();
  }

  #update(change: Partial<ChatState>): void {
    const state = { ...this.state, ...change, entries: this.#outbox.entries(), writing: this.#writers.writing };
    const unread = state.messages.filter((message) => isUnread(message, this.#receipts.seen)).length;
    this.state = { ...state, unread };
    this.options.onChange(this.state);
  }
}

const olderOf = (page: MessagePage) => (page.older === null ? "none" : "more");
