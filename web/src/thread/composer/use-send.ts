import type { NewMessage } from "~/api/types";
import { usePreferences } from "~/app/preferences";
import { useConversationActions } from "~/conversation-actions";
import { useOutbox } from "~/outbox/context";
import { useThread } from "../context";

/** Puts messages into the outbox, in their order. Answering what nobody looks after takes it, if the agent wants that. */
export function useSend(onSent: () => void) {
  const { conversation, me, seen } = useThread();
  const outbox = useOutbox();
  const actions = useConversationActions();
  const [{ claimOnReply }] = usePreferences();
  return (bodies: NewMessage[]) => {
    // What comes in while an answer waits for the network stays unread.
    const read = seen ? { read_up_to: seen } : {};
    for (const body of bodies) outbox.add(conversation.id, { type: "message", body: { ...body, ...read } });
    if (claimOnReply && me && !conversation.assignee) void actions.assign([conversation.id], me.id);
    onSent();
  };
}
