// Typing is told again after so long while it goes on, and is over when nothing was typed for longer.
const repeat = 4_000;
const over = 6_000;

/** Tells the agents that the visitor is writing: not at every key, and once when it is over. */
export class Typing {
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (typing: boolean) => Promise<unknown>) {}

  key(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), over);
    if (Date.now() - this.#told < repeat) return;
    this.#told = Date.now();
    void this.tell(true).catch(() => undefined);
  }

  end(): void {
    clearTimeout(this.#timer);
    if (this.#told === 0) return;
    this.#told = 0;
    void this.tell(false).catch(() => undefined);
  }

  /** sent is an end that nobody needs to be told of: the message says it. */
  sent(): void {
    clearTimeout(this.#timer);
    this.#told = 0;
  }
}

/** How long an agent's typing is believed without being told again. */
const believed = 8_000;

/** Who is writing on the other side, for as long as that is worth something. */
export class Writers {
  #timer: ReturnType<typeof setTimeout> | undefined;
  writing: { name?: string } | null = null;

  constructor(private readonly onChange: () => void) {}

  note(writing: { name?: string } | null): void {
    clearTimeout(this.#timer);
    if (writing) this.#timer = setTimeout(() => this.note(null), believed);
    this.writing = writing;
    this.onChange();
  }
}
