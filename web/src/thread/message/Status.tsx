import { Check, CheckCheck, CircleAlert, CircleHelp, Clock3, Headphones, type LucideIcon } from "lucide-react";
import type { MessageStatus } from "~/api/types";
import { t } from "../text";

const looks: Record<MessageStatus, { icon: LucideIcon; className: string }> = {
  queued: { icon: Clock3, className: "text-text-3" },
  sent: { icon: Check, className: "text-text-3" },
  delivered: { icon: CheckCheck, className: "text-text-3" },
  read: { icon: CheckCheck, className: "text-accent [stroke-width:2.75]" },
  played: { icon: Headphones, className: "text-accent" },
  failed: { icon: CircleAlert, className: "text-bad" },
  unknown: { icon: CircleHelp, className: "text-warn" },
};

/** How far a message of ours got: by shape, colour and a word for readers. Only what the server says is ever shown. */
export function Status({ status }: { status: MessageStatus }) {
  const { icon: Icon, className } = looks[status];
  const word = t(`status.${status}`);
  return (
    <span title={word} className="inline-flex items-center">
      <Icon aria-hidden size={14} strokeWidth={2} className={className} />
      <span className="sr-only">{word}</span>
    </span>
  );
}
