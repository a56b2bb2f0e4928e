import type { QueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useRef, useSyncExternalStore } from "react";
import type { FeedChange, Presence } from "../types";
import type { Connection, Sync } from "./sync";

/** What components need of the real-time sync. */
export interface RealTime {
  sync: Sync;
  /** Hears of every batch of changes, before or after it is folded into the cache. */
  listen(listener: (changes: FeedChange[]) => void, when: When): () => void;
}

export type When = "before" | "after";

export const RealTimeContext = createContext<RealTime | null>(null);

export type Fold = (client: QueryClient, changes: FeedChange[]) => void;

const nothing = () => () => undefined;

/** Calls the listener with every batch of changes while the component is mounted, before or after it is folded into the cache. */
export function useFeed(listener: (changes: FeedChange[]) => void, when: When = "after"): void {
  const realTime = useContext(RealTimeContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => realTime?.listen((changes) => latest.current(changes), when), [realTime, when]);
}

/** Whether what is shown is what is. */
export function useConnection(): Connection {
  const sync = useContext(RealTimeContext)?.sync;
  return useSyncExternalStore(sync?.subscribe ?? nothing, () => sync?.connection() ?? "online");
}

/** Whether the customer of a conversation writes at the moment. */
export function useCustomerWriting(conversation: string): boolean {
  const writing = useContext(RealTimeContext)?.sync.writing;
  const now = useCallback(
    () => writing?.of(conversation).some(({ state }) => state === "typing") ?? false,
    [writing, conversation],
  );
  return useSyncExternalStore(writing?.subscribe ?? nothing, now);
}

const nobody: Presence[] = [];

/** Which colleagues look at or answer a conversation at the moment. */
export function usePresences(conversation: string): Presence[] {
  const presences = useContext(RealTimeContext)?.sync.presences;
  const of = useCallback(() => presences?.of(conversation) ?? nobody, [presences, conversation]);
  return useSyncExternalStore(presences?.subscribe ?? nothing, of);
}
