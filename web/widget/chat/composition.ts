import type { Upload } from "~/api/types";
import { checkFile, type Verdict } from "~/thread/composer/files/check-file";
import { putFile } from "~/thread/composer/files/put-file";
import { Tray, type TrayFile } from "~/thread/composer/files/tray";
import type { Draft } from "./draft";
import type { Outgoing, OwnFile } from "./outbox";
import type { Limits } from "./protocol";

export interface CompositionOptions {
  draft: Draft;
  keep(draft: Draft): void;
  create(file: File): Promise<Upload>;
  onChange(): void;
}

/** A file that was not attached, and why not. */
export interface Refused {
  name: string;
  why: Exclude<Verdict, { ok: true }>;
}

/** What the visitor is writing: it lives longer than the panel that shows it, and what of it can be kept survives the page. */
export class Composition {
  draft: Draft;
  refused: Refused | null = null;
  readonly #tray: Tray;

  constructor(private readonly options: CompositionOptions) {
    this.draft = options.draft;
    this.#tray = new Tray({ create: options.create, put: putFile });
    this.#tray.subscribe(() => this.#collect());
  }

  /** Files that are not ready: on their way, or stuck. */
  uploads = (): readonly TrayFile[] => this.#tray.files();

  write(text: string): void {
    this.#change({ text });
  }

  attach(files: Iterable<File>, limits: Limits): void {
    this.refused = null;
    for (const file of files) {
      const verdict = checkFile(limits, file);
      if (verdict.ok) this.#tray.add(file, verdict.kind);
      else this.refused = { name: file.name, why: verdict };
    }
    this.options.onChange();
  }

  removeFile(token: string): void {
    this.#change({ files: this.draft.files.filter((file) => file.token !== token) });
  }

  removeUpload(id: string): void {
    this.#tray.remove(id);
  }

  retryUpload(id: string): void {
    this.#tray.retry(id);
  }

  quote(id: string | undefined): void {
    this.#change({ reply_to: id });
  }

  /** Whether there is something to send, and all of it is ready. */
  isReady(): boolean {
    return this.uploads().length === 0 && (this.draft.text.trim() !== "" || this.draft.files.length > 0);
  }

  /** take hands over what is to be sent, a message for each file: the first one has the text. */
  take(): Outgoing[] {
    const { text, files, reply_to } = this.draft;
    const first = { text: text.trim() || undefined, reply_to };
    const [file, ...others] = files;
    this.#change({ text: "", files: [], reply_to: undefined });
    return [{ ...first, file }, ...others.map((other) => ({ file: other }))];
  }

  /** reset begins anew with what is kept. */
  reset(draft: Draft): void {
    this.#tray.take();
    this.draft = draft;
    this.options.onChange();
  }

  /** collect moves files that have arrived from the tray into the draft, where they are kept. */
  #collect(): void {
    const collected = new Set(this.draft.files.map(({ token }) => token));
    const ready = this.uploads().filter(({ state, key }) => state === "ready" && !collected.has(key ?? ""));
    if (ready.length === 0) return this.options.onChange();
    this.#change({ files: [...this.draft.files, ...ready.map(ownFile)] });
    for (const { id } of ready) this.#tray.remove(id);
  }

  #change(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    this.options.keep(this.draft);
    this.options.onChange();
  }
}

const ownFile = ({ key, file }: TrayFile): OwnFile => ({
  token: key ?? "",
  name: file.name,
  mime: file.type,
  bytes: file.size,
});
