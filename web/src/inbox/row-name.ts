import { useChannels } from "~/api/queries";
import type { Conversation } from "~/api/types";
import { ago } from "~/i18n/format";
import { useNow } from "~/i18n/clock";
import { t as actions } from "~/conversation-actions/text";
import { conversationName } from "~/i18n/names";
import { messagePreview } from "./preview";
import { t } from "./text";

/** The whole row as a sentence, for whoever hears it. */
export function useRowName(conversation: Conversation): string {
  const now = useNow();
  const channel = useChannels().data?.find((each) => each.name === conversation.channel)?.title ?? conversation.channel;
  const { who, text } = messagePreview(conversation.last_message);
  const parts = [
    conversationName(conversation),
    conversation.unread > 0 && t("row.unread", { n: conversation.unread }),
    t("row.from", { channel, account: conversation.account_name || conversation.account }),
    [conversation.failed && t("row.failed"), who, text].filter(Boolean).join(" "),
    conversation.last_message_at && ago(conversation.last_message_at, now),
    conversation.status !== "open" && actions(`status.${conversation.status}`),
    conversation.assignee && t("row.assignee", { name: conversation.assignee.name }),
    ...conversation.labels.map((label) => label.name),
  ];
  return parts.filter(Boolean).join(", ");
}
