import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import type { Api } from "~/api/client";
import { useApi } from "~/api/context";
import { retryMessage, sendMessage } from "~/api/operations";
import { isTemporary, Problem } from "~/api/problem";
import { useMe } from "~/api/queries";
import { useConnection } from "~/api/realtime";
import { lastingStorage } from "~/browser/storage";
import type { Entry } from "./entry";
import { type Answer, Outbox } from "./outbox";

const OutboxContext = createContext<Outbox | null>(null);

/** Keeps and sends what the agent sent, for as long as they are signed in, wherever they look. */
export function OutboxProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const agent = useMe().data?.id ?? "";
  const outbox = useMemo(() => {
    const send = (entry: Entry) => deliver(api, entry);
    return new Outbox({ storage: lastingStorage(), agent, send, online: () => navigator.onLine, exclusive });
  }, [api, agent]);
  const connection = useConnection();

  useEffect(() => {
    const changed = (event: StorageEvent) => outbox.changedElsewhere(event.key);
    window.addEventListener("online", outbox.wake);
    window.addEventListener("storage", changed);
    outbox.wake();
    return () => {
      window.removeEventListener("online", outbox.wake);
      window.removeEventListener("storage", changed);
      outbox.close();
    };
  }, [outbox]);
  useEffect(() => {
    if (connection === "online") outbox.wake();
  }, [connection, outbox]);

  return <OutboxContext value={outbox}>{children}</OutboxContext>;
}

async function deliver(api: Api, entry: Entry): Promise<Answer> {
  const { what, conversation, key } = entry;
  try {
    const messages =
      what.type === "retry"
        ? await retryMessage(api, what.message, key)
        : await sendMessage(api, conversation, key, what.body);
    return { type: "sent", messages };
  } catch (error) {
    // Signed out: it waits for the agent to come back, and so does whatever may succeed later.
    if (isTemporary(error) || !(error instanceof Problem) || error.status === 401) return { type: "later" };
    return { type: "refused", problem: { status: error.status, code: error.code, detail: error.message } };
  }
}

/** Of several tabs one sends at a time: the others find its messages gone when their turn comes. */
async function exclusive(name: string, run: () => Promise<void>): Promise<void> {
  // A page that is not loaded securely has no locks.
  const locks = navigator.locks as LockManager | null | undefined;
  await (locks ? locks.request(name, run) : run());
}

export function useOutbox(): Outbox {
  const outbox = useContext(OutboxContext);
  if (!outbox) throw new Error("useOutbox outside of OutboxProvider");
  return outbox;
}

/** What is sent in a conversation and not confirmed, the oldest first. */
export function useEntries(conversation: string): readonly Entry[] {
  const outbox = useOutbox();
  const read = useCallback(() => outbox.entries(conversation), [outbox, conversation]);
  return useSyncExternalStore(outbox.subscribe, read);
}
