import type { Upload } from "~/api/types";

/** A file that the agent attached and did not send yet. */
export interface TrayFile {
  id: string;
  file: File;
  /** As which kind the channel takes it. */
  kind: string;
  state: "uploading" | "ready" | "failed";
  /** Of the upload, from 0 to 1. */
  progress: number;
  /** Names the file to the server; state ready. */
  key?: string;
}

export interface TrayOptions {
  create(file: File): Promise<Upload>;
  put(upload: Upload, file: File, progress: (share: number) => void, signal: AbortSignal): Promise<void>;
}

const nothing: readonly TrayFile[] = Object.freeze([]);

/** The files of one conversation on their way to the server: they upload at once, so that sending waits for nothing. */
export class Tray {
  private list: readonly TrayFile[] = nothing;
  private readonly listeners = new Set<() => void>();
  private readonly running = new Map<string, AbortController>();

  constructor(private readonly options: TrayOptions) {}

  files = (): readonly TrayFile[] => this.list;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add = (file: File, kind: string): void => {
    const added: TrayFile = { id: crypto.randomUUID(), file, kind, state: "uploading", progress: 0 };
    this.set([...this.list, added]);
    void this.upload(added);
  };

  retry = (id: string): void => {
    const found = this.list.find((each) => each.id === id);
    if (found?.state !== "failed") return;
    this.change(id, { state: "uploading", progress: 0 });
    void this.upload(found);
  };

  remove = (id: string): void => {
    this.running.get(id)?.abort();
    this.set(this.list.filter((each) => each.id !== id));
  };

  /** Hands over what is ready, and is empty then. */
  take = (): readonly TrayFile[] => {
    const taken = this.list;
    this.set(nothing);
    return taken;
  };

  private async upload({ id, file }: TrayFile): Promise<void> {
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const upload = await this.options.create(file);
      controller.signal.throwIfAborted();
      await this.options.put(upload, file, (progress) => this.change(id, { progress }), controller.signal);
      this.change(id, { state: "ready", progress: 1, key: upload.key });
    } catch {
      this.change(id, { state: "failed" });
    } finally {
      this.running.delete(id);
    }
  }

  /** Changes a file that is still there: one that was removed meanwhile stays away. */
  private change(id: string, changes: Partial<TrayFile>): void {
    if (this.list.some((each) => each.id === id))
      this.set(this.list.map((each) => (each.id === id ? { ...each, ...changes } : each)));
  }

  private set(list: readonly TrayFile[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}
