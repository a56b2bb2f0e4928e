/** Which of the two editors of a conversation a text belongs to. */
export type Mode = "reply" | "note";

/** What an agent has written and not sent. */
export interface Draft {
  text: string;
  /** The message that a reply answers. */
  replyTo?: string;
  /** The time of the newest message of a colleague when the agent began to write; empty: there was none. What is newer they may not have seen. */
  after?: string;
  /** Colleagues that a note mentions, by id. */
  mentions?: string[];
}

const NOTHING: Draft = Object.freeze({ text: "" });

/**
 * The drafts of one agent in this browser: one for each conversation and mode, so that a text never follows anybody into another chat. They
 * outlive a reload, a sign-in and whatever happens to the conversation meanwhile; only the agent changes them.
 */
export class Drafts {
  private readonly known = new Map<string, Draft>();
  private readonly restored = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly storage: Storage,
    private readonly agent: string,
  ) {}

  get = (conversation: string, mode: Mode): Draft => {
    const key = this.key(conversation, mode);
    const known = this.known.get(key);
    if (known) return known;
    const draft = read(this.storage.getItem(key));
    this.known.set(key, draft);
    return draft;
  };

  set = (conversation: string, mode: Mode, draft: Draft): void => {
    const key = this.key(conversation, mode);
    this.known.set(key, draft);
    if (isEmpty(draft)) this.storage.removeItem(key);
    else store(this.storage, key, JSON.stringify(draft));
    this.tell();
  };

  /** Puts a text back into the editor, which follows nothing else that it did not write itself. */
  restore = (conversation: string, mode: Mode, draft: Draft): void => {
    this.restored.set(this.key(conversation, mode), (this.restored.get(this.key(conversation, mode)) ?? 0) + 1);
    this.set(conversation, mode, draft);
  };

  /** How often a draft was put back: an editor begins anew when it changes. */
  revision = (conversation: string, mode: Mode): number => this.restored.get(this.key(conversation, mode)) ?? 0;

  clear = (conversation: string, mode: Mode): void => this.set(conversation, mode, NOTHING);

  /** The mode in which a conversation was left: a note never turns into a reply by itself. */
  mode = (conversation: string): Mode =>
    this.storage.getItem(this.key(conversation, "mode")) === "note" ? "note" : "reply";

  setMode = (conversation: string, mode: Mode): void => {
    if (mode === "reply") this.storage.removeItem(this.key(conversation, "mode"));
    else store(this.storage, this.key(conversation, "mode"), mode);
    this.tell();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private key(conversation: string, what: Mode | "mode"): string {
    return `omni.draft:${this.agent}:${conversation}:${what}`;
  }

  private tell() {
    for (const listener of this.listeners) listener();
  }
}

function isEmpty(draft: Draft): boolean {
  return draft.text === "" && draft.replyTo === undefined && !draft.mentions?.length;
}

function read(stored: string | null): Draft {
  if (stored === null) return NOTHING;
  try {
    const value: unknown = JSON.parse(stored);
    if (typeof value === "object" && value !== null && "text" in value && typeof value.text === "string")
      return value as Draft;
  } catch {
    // Not ours, or cut off: as good as nothing.
  }
  return NOTHING;
}

/** A browser without room keeps the draft in memory for as long as the page is open. */
function store(storage: Storage, key: string, value: string) {
  try {
    storage.setItem(key, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
