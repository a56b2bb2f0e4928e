import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { AlarmClock, ArrowLeft, CheckCheck, EllipsisVertical, PanelRight, RotateCcw, UserPlus } from "lucide-react";
import { conversationMenu, useConversationActions } from "~/conversation-actions";
import { t as core } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { IconButton } from "~/ui/IconButton";
import { Menu } from "~/ui/Menu";
import { useThread } from "../context";
import { conversationName } from "~/i18n/names";
import { t } from "../text";
import { Viewers } from "./Viewers";
import { WindowCountdown } from "./WindowCountdown";

interface ThreadHeaderProps {
  panelOpen: boolean;
  onPanel(): void;
}

/** Whom the conversation is with, how long it can be answered, who else looks at it, and what can be done with it. */
export function ThreadHeader({ panelOpen, onPanel }: ThreadHeaderProps) {
  const { conversation, channel } = useThread();
  const name = conversationName(conversation);
  const place = [channel?.title ?? conversation.channel, conversation.account_name].filter(Boolean).join(" · ");
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3">
      <Back />
      <Avatar name={name} channel={conversation.channel} />
      <div className="min-w-0 flex-1">
        <h1 dir="auto" className="truncate text-body font-semibold">
          {name}
        </h1>
        <p className="flex items-center gap-2 truncate text-meta text-text-3">
          {/* On a phone the avatar's sign says which channel it is. */}
          <span className="truncate max-sm:hidden">{place}</span>
          <WindowCountdown />
        </p>
      </div>
      <Viewers />
      <Actions />
      <IconButton icon={PanelRight} label={t("header.panel")} shortcut="P" pressed={panelOpen} onClick={onPanel} />
    </header>
  );
}

function Actions() {
  const { conversation, me } = useThread();
  const actions = useConversationActions();
  const ids = [conversation.id];
  const resolved = conversation.status === "resolved";
  return (
    <>
      <Button
        variant="quiet"
        className="max-sm:hidden"
        onClick={() => actions.ask("assign", ids)}
        aria-keyshortcuts="A"
      >
        <UserPlus aria-hidden size={16} />
        {assigneeName(conversation.assignee, me?.id)}
      </Button>
      <IconButton
        icon={AlarmClock}
        label={t("header.snooze")}
        shortcut="H"
        className="max-sm:hidden"
        onClick={() => actions.ask("snooze", ids)}
      />
      <IconButton
        icon={resolved ? RotateCcw : CheckCheck}
        label={t(resolved ? "header.reopen" : "header.resolve")}
        shortcut={resolved ? undefined : "E"}
        onClick={() => void (resolved ? actions.reopen(ids) : actions.resolve(ids))}
      />
      <Menu
        align="end"
        trigger={<IconButton icon={EllipsisVertical} label={core("common.more")} />}
        entries={conversationMenu([conversation], actions, me?.id)}
      />
    </>
  );
}

function assigneeName(assignee: { id: string; name: string } | null, me: string | undefined): string {
  if (!assignee) return t("header.unassigned");
  return assignee.id === me ? t("header.me") : assignee.name;
}

/** On a phone the list is another page. */
function Back() {
  const navigate = useNavigate();
  const { view } = useParams({ from: "/shell/inbox/$view" });
  const search = useSearch({ from: "/shell/inbox/$view" });
  return (
    <IconButton
      icon={ArrowLeft}
      label={t("header.back")}
      className="md:hidden"
      onClick={() => void navigate({ to: "/inbox/$view", params: { view }, search: { ...search, message: undefined } })}
    />
  );
}
