// What `omni dev` answers under /simulator/api: the simulated platforms, as a customer with an app in their hand sees them.

export interface SimulatedChannel {
  name: string;
  title: string;
  accounts: { account: string; external_id: string }[];
  text: { max: number; unit: string };
  kinds: EventKind[];
}

export interface EventKind {
  /** The platform's own word. */
  name: string;
  /** It carries what one types; of a reaction, the emoji. */
  text: boolean;
  /** It is about an earlier message. */
  earlier: boolean;
  /** It picks one of the choices under an earlier message. */
  choice: boolean;
}

export interface Chat {
  id: string;
  channel: string;
  account: string;
  external_id: string;
  thread: string;
  customer: { number: number; name: string };
  last: Entry | null;
  at: string;
}

export interface Entry {
  id: string;
  seq: number;
  position: number;
  at: string;
  from: "customer" | "us";
  kind: string;
  text: string;
  content: SentContent | null;
  message_id: string;
  target: string | null;
  state: "sending" | "sent" | "refused" | "taken" | "delivered" | "read";
  /** How often the customer got it: more than once is a fault. */
  times: number;
}

/** channels.Content: what we sent besides a text. */
export interface SentContent {
  text?: string;
  file?: { kind: string; mime: string; name?: string; bytes: number };
  choices?: { options: { id: string; title: string; description?: string }[]; menu?: string };
  place?: { latitude: number; longitude: number; name?: string; address?: string };
  card?: { name?: string; phones?: string[] };
  template?: { name: string; language: string; body?: string[]; named?: Record<string, string> };
  reaction?: { target: string; emoji: string };
}

export interface ChatNews {
  chat: Chat;
  entries: Entry[];
  next: number;
  typing: boolean;
  read_until: string | null;
}

/** What goes wrong, in fractions of the requests. */
export interface Trouble {
  throttle: number;
  refuse: number;
  lose: number;
  repeat: number;
}

export interface NewEvent {
  chat: string;
  kind?: string;
  text?: string;
  target?: string;
  /** One of the choices under the target. */
  choice?: string;
}

export const listChannels = () => call<{ items: SimulatedChannel[] }>("GET", "channels").then((answer) => answer.items);
export const listChats = () => call<{ items: Chat[] }>("GET", "chats").then((answer) => answer.items);
export const openChat = (body: { channel: string; account?: string; customer?: { number?: number; name?: string } }) =>
  call<Chat>("POST", "chats", body);
export const sendEvent = (body: NewEvent) => call<{ entry: Entry; status: number }>("POST", "messages", body);
export const getTrouble = () => call<Trouble>("GET", "trouble");
export const putTrouble = (body: Trouble) => call<Trouble>("PUT", "trouble", body);

/** chatNews waits up to some seconds for something that is newer than `after`. */
export const chatNews = (id: string, after: number, signal: AbortSignal) =>
  call<ChatNews>(
    "GET",
    `chats/${encodeURIComponent(id)}?after=${after}&wait=${after === 0 ? 0 : 20}`,
    undefined,
    signal,
  );

/** The server's own sentence about what did not work. */
export class Refusal extends Error {}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(`/simulator/api/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok || answer === undefined)
    throw new Refusal(sentence(answer) ?? `${response.status} ${response.statusText}`);
  return answer as T;
}

function sentence(answer: unknown): string | undefined {
  return typeof answer === "object" && answer !== null && "error" in answer ? String(answer.error) : undefined;
}
