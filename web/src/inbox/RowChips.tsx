import { AlarmClock, Clock, Eye, Hourglass } from "lucide-react";
import { usePresences } from "~/api/realtime";
import type { Conversation } from "~/api/types";
import { t as actions } from "~/conversation-actions/text";
import { useNow } from "~/i18n/clock";
import { dateTime, left } from "~/i18n/format";
import { initials } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { LabelChip } from "~/ui/LabelChip";
import { windowState } from "./preview";
import { t } from "./text";

const mostLabels = 2;

/** The small things below: time left, whose it is, its state and labels. */
export function RowChips({ conversation }: { conversation: Conversation }) {
  const { assignee, labels } = conversation;
  const more = labels.length - mostLabels;
  return (
    <span className="flex h-5 items-center gap-1 overflow-hidden empty:hidden">
      <WindowChip conversation={conversation} />
      <StatusChip conversation={conversation} />
      {assignee && (
        <span
          title={t("row.assignee", { name: assignee.name })}
          className="inline-flex h-5 items-center text-meta font-medium text-text-3"
        >
          {initials(assignee.name)}
        </span>
      )}
      <Viewers conversation={conversation.id} />
      {labels.slice(0, mostLabels).map((label) => (
        <LabelChip key={label.id} label={label} />
      ))}
      {more > 0 && <span className="text-meta text-text-3">{t("row.more", { n: more })}</span>}
    </span>
  );
}

function WindowChip({ conversation }: { conversation: Conversation }) {
  const now = useNow();
  const state = windowState(conversation, now);
  const until = conversation.window_expires_at;
  if (state === null || until === null) return null;
  const rest = left(until, now);
  return (
    <Badge tone={state === "soon" ? "warn" : "bad"}>
      <Clock aria-hidden size={12} />
      <span title={dateTime(until)}>{state === "soon" ? rest : t("row.windowClosed")}</span>
    </Badge>
  );
}

function StatusChip({ conversation: { status, snoozed_until } }: { conversation: Conversation }) {
  if (status === "open") return null;
  const Icon = { pending: Hourglass, snoozed: AlarmClock, resolved: null }[status];
  const title = snoozed_until ? t("row.snoozed", { until: dateTime(snoozed_until) }) : undefined;
  return (
    <Badge>
      {Icon && <Icon aria-hidden size={12} />}
      <span title={title}>{actions(`status.${status}`)}</span>
    </Badge>
  );
}

function Viewers({ conversation }: { conversation: string }) {
  const viewers = usePresences(conversation);
  const first = viewers[0];
  if (!first) return null;
  return (
    <span
      title={t("row.viewing", { name: first.agent.name })}
      className="inline-flex items-center gap-0.5 text-meta text-text-3"
    >
      <Eye aria-hidden size={12} />
      {initials(first.agent.name)}
    </span>
  );
}
