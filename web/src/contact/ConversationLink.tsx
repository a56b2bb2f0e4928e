import { Link } from "@tanstack/react-router";
import type { Conversation } from "~/api/types";
import { conversationName } from "~/i18n/names";
import { ChannelGlyph } from "~/ui/ChannelGlyph";
import { Time } from "~/ui/Time";
import { t } from "./text";

/** A conversation in one line, which leads there. */
export function ConversationLink({ conversation }: { conversation: Conversation }) {
  const { last_message: last, account_name, account, status, last_message_at } = conversation;
  return (
    <Link
      to="/inbox/$view/$conversationId"
      params={{ view: "all", conversationId: conversation.id }}
      search={status === "open" ? {} : { status }}
      className="flex items-center gap-2 rounded-control px-2 py-1 text-text no-underline hover:bg-raised"
    >
      <ChannelGlyph channel={conversation.channel} />
      <span className="min-w-0 flex-1">
        <span className="block truncate">{last?.text || conversationName(conversation)}</span>
        <span className="block truncate text-meta text-text-3">
          {account_name || account} · {t(`history.status.${status}`)}
        </span>
      </span>
      {last_message_at && <Time at={last_message_at} className="text-meta text-text-3" />}
    </Link>
  );
}
