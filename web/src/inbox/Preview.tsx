import { clsx } from "clsx";
import { Lock, PencilLine, TriangleAlert } from "lucide-react";
import { usePresences } from "~/api/realtime";
import type { Conversation } from "~/api/types";
import { useDraftPreview } from "~/drafts/context";
import { messagePreview } from "./preview";
import { t } from "./text";

/** One line of what matters most: what failed, who is at it, what was begun, what was said last. */
export function Preview({ conversation }: { conversation: Conversation }) {
  const typing = usePresences(conversation.id).find((presence) => presence.state === "typing");
  const draft = useDraftPreview(conversation.id);
  const { who, text } = messagePreview(conversation.last_message);
  if (conversation.failed) {
    return (
      <Line icon={TriangleAlert} lead={t("row.failed")} tone="text-bad">
        {text}
      </Line>
    );
  }
  if (typing) return <Line tone="text-ok">{t("row.typing", { name: typing.agent.name })}</Line>;
  if (draft) {
    return (
      <Line
        icon={draft.mode === "note" ? Lock : PencilLine}
        lead={draft.mode === "note" ? t("row.draftNote") : t("row.draft")}
        tone="text-warn"
      >
        {draft.text}
      </Line>
    );
  }
  return <Line lead={who}>{text}</Line>;
}

interface LineProps {
  icon?: typeof Lock;
  lead?: string | null;
  tone?: string;
  children: string;
}

function Line({ icon: Icon, lead, tone, children }: LineProps) {
  return (
    <span className={clsx("flex min-w-0 items-center gap-1 text-chip", tone ?? "text-text-2")}>
      {Icon && <Icon aria-hidden size={13} className="shrink-0" />}
      {lead && <span className="shrink-0">{lead}</span>}
      <span dir="auto" className={clsx("truncate", lead && tone && "text-text-2")}>
        {children}
      </span>
    </span>
  );
}
