import { useFeed } from "~/api/realtime";
import type { Conversation } from "~/api/types";
import { useAnnouncer } from "~/ui/announcer";
import { conversationName } from "~/i18n/names";
import { summaryOf } from "../message/QuoteLine";
import { t } from "../text";

/** Reads out what the customer writes in the conversation that is open: the feed itself is silent, or it would be read over and over. */
export function useAnnouncements(conversation: Conversation): void {
  const { say } = useAnnouncer();
  useFeed((changes) => {
    for (const { kind, message } of changes) {
      if (kind !== "message.created" || message?.conversation !== conversation.id) continue;
      if (message.direction === "in" && !message.history) {
        say(
          t("timeline.heard", {
            who: message.group_sender ?? conversationName(conversation),
            text: summaryOf(message),
          }),
        );
      }
    }
  });
}
