import { until } from "./until";

/** What a customer sees of a message; see the simulator's backend. */
export interface Entry {
  id: string;
  from: "customer" | "us";
  kind: string;
  text: string;
  content: { reaction?: { emoji: string }; template?: { name: string }; file?: { name?: string; kind: string } } | null;
  target: string | null;
  state: string;
  times: number;
}

interface Chat {
  id: string;
  customer: { number: number; name: string };
}

/** A customer with an app in their hand: what they do goes through a signed webhook, what they see is what the simulated platform delivered. */
export class Customer {
  private constructor(
    private readonly url: string,
    private readonly chat: Chat,
  ) {}

  /** comes is a new customer on the channel. The agents see nobody until they write. */
  static async comes(url: string, channel: string, name: string): Promise<Customer> {
    return new Customer(url, (await post(url, "/simulator/api/chats", { channel, customer: { name } })) as Chat);
  }

  get name(): string {
    return this.chat.customer.name;
  }

  /** writes sends a message, or another kind of event, and returns when the platform's webhook was accepted. */
  async writes(text: string, more: { kind?: string; target?: string } = {}): Promise<Entry> {
    const sent = (await post(this.url, "/simulator/api/messages", { chat: this.chat.id, text, ...more })) as {
      entry: Entry;
      status: number;
    };
    if (sent.entry.state !== "sent") throw new Error(`The webhook of ${this.name} was answered with ${sent.status}.`);
    return sent.entry;
  }

  /** does is an event without words of ours: a sticker, a location. */
  async does(kind: string): Promise<Entry> {
    const sent = (await post(this.url, "/simulator/api/messages", { chat: this.chat.id, kind })) as { entry: Entry };
    return sent.entry;
  }

  /** sees is everything in the chat, in its order. */
  async sees(): Promise<Entry[]> {
    const response = await fetch(`${this.url}/simulator/api/chats/${encodeURIComponent(this.chat.id)}`);
    return ((await response.json()) as { entries: Entry[] }).entries;
  }

  /** gets waits for an answer with the text and returns it. */
  gets(text: string): Promise<Entry> {
    return until(`${this.name} gets ${JSON.stringify(text)}`, async () =>
      (await this.sees()).find((entry) => entry.from === "us" && entry.text.includes(text)),
    );
  }
}

/** Trouble is what goes wrong at the simulated platforms, in fractions of the requests. */
export async function trouble(
  url: string,
  what: Partial<Record<"throttle" | "refuse" | "lose" | "repeat", number>>,
): Promise<void> {
  await call(`${url}/simulator/api/trouble`, "PUT", { throttle: 0, refuse: 0, lose: 0, repeat: 0, ...what });
}

const post = (url: string, path: string, body: unknown) => call(url + path, "POST", body);

async function call(url: string, method: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}
