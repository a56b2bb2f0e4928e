import { CircleAlert } from "lucide-react";
import type { Conversation } from "~/api/types";
import { ConversationLink } from "./ConversationLink";
import { t } from "./text";

/** Other conversations of the same customer that are open: answering both apart confuses them. */
export function OtherConversations({ conversations }: { conversations: Conversation[] }) {
  const open = conversations.filter(({ status }) => status === "open" || status === "pending");
  if (open.length === 0) return null;
  return (
    <section className="mx-4 mb-3 rounded-control bg-warn-soft p-2">
      <h3 className="flex items-center gap-2 text-chip font-medium text-warn">
        <CircleAlert aria-hidden size={14} />
        {t("others.title", { n: open.length })}
      </h3>
      {open.map((conversation) => (
        <ConversationLink key={conversation.id} conversation={conversation} />
      ))}
    </section>
  );
}
