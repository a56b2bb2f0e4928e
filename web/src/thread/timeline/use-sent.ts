import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { TimelineItem } from "~/api/types";
import { useEntries, useOutbox } from "~/outbox/context";
import { putItems } from "./fold";
import { idOf } from "./rows";

/** Puts what the server took from the outbox into the timeline, and lets its entries go once it is there. */
export function useSentMessages(conversation: string, items: readonly TimelineItem[]): void {
  const client = useQueryClient();
  const outbox = useOutbox();
  const entries = useEntries(conversation);
  useEffect(
    () =>
      outbox.onSent((sent, messages) => {
        if (sent === conversation)
          putItems(
            client,
            conversation,
            messages.map((message) => ({ type: "message", message })),
          );
      }),
    [client, outbox, conversation],
  );
  useEffect(() => {
    const known = new Set(items.map(idOf));
    for (const { key, state, what, messages = [] } of entries) {
      // A reaction is no line of the timeline, and a second try is a message of its own.
      const shown = (what.type === "message" && what.body.reaction) || messages.every((id) => known.has(id));
      if (state === "sent" && shown) outbox.settle(key);
    }
  }, [entries, items, outbox]);
}
