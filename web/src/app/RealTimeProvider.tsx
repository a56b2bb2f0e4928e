import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { Api } from "~/api/client";
import { useApi } from "~/api/context";
import { createTicket, readFeed } from "~/api/operations";
import { createBackoff } from "~/api/realtime/backoff";
import { type RealTime, RealTimeContext } from "~/api/realtime/context";
import { foldChanges, reloadEverything } from "~/api/realtime/folds";
import { createSync } from "~/api/realtime/sync";
import type { FeedChange } from "~/api/types";

interface RealTimeProviderProps {
  loading: ReactNode;
  unreached: ReactNode;
  children: ReactNode;
}

/** Shows its children once the place in the feed is known: whatever they load from then on, they miss no change of it. */
export function RealTimeProvider({ loading, unreached, children }: RealTimeProviderProps) {
  const api = useApi();
  const client = useQueryClient();
  const [realTime, setRealTime] = useState<RealTime | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const made = createRealTime(api, client);
    const backoff = createBackoff();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    const start = () =>
      made.sync.start().then(
        () => !left && setRealTime(made),
        () => {
          if (left) return;
          setFailed(true);
          timer = setTimeout(start, backoff.next());
        },
      );
    void start();
    return () => {
      left = true;
      clearTimeout(timer);
      made.sync.stop();
    };
  }, [api, client]);

  if (!realTime) return failed ? unreached : loading;
  return <RealTimeContext value={realTime}>{children}</RealTimeContext>;
}

function createRealTime(api: Api, client: QueryClient): RealTime {
  const listeners = {
    before: new Set<(changes: FeedChange[]) => void>(),
    after: new Set<(changes: FeedChange[]) => void>(),
  };
  const sync = createSync({
    readFeed: (after, signal) => readFeed(api, after, signal),
    socketUrl: (signal) => createTicket(api, signal).then((ticket) => ticket.url),
    onChanges(changes) {
      listeners.before.forEach((listener) => listener(changes));
      foldChanges(client, changes);
      listeners.after.forEach((listener) => listener(changes));
    },
    onExpired: () => reloadEverything(client),
  });
  return {
    sync,
    listen(listener, when) {
      listeners[when].add(listener);
      return () => listeners[when].delete(listener);
    },
  };
}
