import {
  AlarmClock,
  CheckCheck,
  CircleDashed,
  Hourglass,
  MailOpen,
  Tag,
  UserPlus,
  UserRoundCheck,
  UserRoundX,
} from "lucide-react";
import { RotateCcw } from "lucide-react";
import type { Conversation } from "~/api/types";
import type { MenuEntry } from "~/ui/Menu";
import type { ConversationActions } from "./context";
import { t } from "./text";

/** Everything that can be done with the conversations, for a menu: of what they are already nothing is offered. */
export function conversationMenu(
  conversations: Conversation[],
  actions: ConversationActions,
  me?: string,
): MenuEntry[] {
  const ids = conversations.map((each) => each.id);
  const some = (test: (each: Conversation) => boolean) => conversations.some(test);
  const entries: (MenuEntry | false)[] = [
    some((each) => each.status !== "resolved") && {
      key: "resolve",
      label: t("action.resolve"),
      icon: CheckCheck,
      shortcut: "E",
      onSelect: () => void actions.resolve(ids),
    },
    some((each) => each.status !== "open") && {
      key: "reopen",
      label: t("action.reopen"),
      icon: RotateCcw,
      onSelect: () => void actions.reopen(ids),
    },
    some((each) => each.status !== "pending") && {
      key: "pending",
      label: t("action.pending"),
      icon: Hourglass,
      onSelect: () => void actions.change(ids, { status: "pending" }),
    },
    {
      key: "snooze",
      label: t("action.snooze"),
      icon: AlarmClock,
      shortcut: "H",
      onSelect: () => actions.ask("snooze", ids),
    },
    {
      key: "assign",
      label: t("action.assign"),
      icon: UserPlus,
      shortcut: "A",
      separated: true,
      onSelect: () => actions.ask("assign", ids),
    },
    me !== undefined &&
      some((each) => each.assignee?.id !== me) && {
        key: "mine",
        label: t("action.assignToMe"),
        icon: UserRoundCheck,
        shortcut: "I",
        onSelect: () => void actions.assign(ids, me),
      },
    some((each) => each.assignee !== null) && {
      key: "unassign",
      label: t("action.unassign"),
      icon: UserRoundX,
      onSelect: () => void actions.assign(ids, null),
    },
    {
      key: "label",
      label: t("action.label"),
      icon: Tag,
      shortcut: "L",
      separated: true,
      onSelect: () => actions.ask("label", ids),
    },
    some((each) => each.unread > 0) && {
      key: "read",
      label: t("action.markRead"),
      icon: MailOpen,
      onSelect: () => void actions.mark(ids, true),
    },
    some((each) => each.unread === 0) && {
      key: "unread",
      label: t("action.markUnread"),
      icon: CircleDashed,
      shortcut: "⇧U",
      onSelect: () => void actions.mark(ids, false),
    },
  ];
  return entries.filter((entry): entry is MenuEntry => entry !== false);
}
