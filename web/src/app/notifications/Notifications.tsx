import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useCounts, useMe } from "~/api/queries";
import { useFeed } from "~/api/realtime";
import { useConversationActions } from "~/conversation-actions";
import { knownConversations } from "~/conversation-actions/known";
import { useAnnouncer } from "~/ui/announcer";
import { usePreferences } from "../preferences";
import { destinations } from "../shell/navigation";
import { t } from "../text";
import { type Alert, alertsOf } from "./alerts";
import { showDesktop } from "./desktop";
import { claim } from "./once";
import { playSound, unlockSound } from "./sound";
import { showUnread } from "./title";

/** Tells the agent of what happens while they look elsewhere. */
export function Notifications() {
  useTitle();
  useEffect(unlockSound, []);
  const [preferences] = usePreferences();
  const navigate = useNavigate();
  const announce = useAnnouncements();
  const tell = async (alert: Alert) => {
    announce();
    if (!document.hidden || !(await claim(alert.id))) return;
    if (preferences.sound) playSound(alert.kind);
    if (preferences.desktop) showDesktop(alert, () => void navigate(conversationAt(alert)));
  };
  useAlerts((alert) => void tell(alert));
  return null;
}

const conversationAt = ({ conversation }: Alert) =>
  ({
    to: "/inbox/$view/$conversationId",
    params: { view: "all", conversationId: conversation.id },
    search: {},
  }) as const;

function useAlerts(tell: (alert: Alert) => void) {
  const client = useQueryClient();
  const me = useMe().data?.id ?? "";
  const actions = useConversationActions();
  const [preferences] = usePreferences();
  // Before they are folded: the cache still says who had a conversation until now.
  useFeed((changes) => {
    const ids = changes.flatMap((change) => change.conversation?.id ?? []);
    const before = new Map(knownConversations(client, ids).map((each) => [each.id, each.assignee?.id ?? null]));
    const context = { me, preferences, assigneeBefore: (id: string) => before.get(id), isOwn: actions.isOwn };
    alertsOf(changes, context).forEach(tell);
  }, "before");
}

const batch = 5_000;

/** Says to a screen reader how many messages came, together and not one by one. */
function useAnnouncements(): () => void {
  const announcer = useAnnouncer();
  const waiting = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    waiting.current += 1;
    if (waiting.current > 1) return;
    timer.current = setTimeout(() => {
      announcer.say(t("notify.announce", { n: waiting.current }));
      waiting.current = 0;
    }, batch);
  };
}

function useTitle() {
  const counts = useCounts().data;
  const role = useMe().data?.role ?? "agent";
  const path = useLocation({ select: (location) => location.pathname });
  const unread = (counts?.mine_unread ?? 0) + (counts?.unassigned_unread ?? 0);
  const rooms = destinations(role);
  const room = (rooms.find((each) => path.startsWith(each.below)) ?? rooms[0])?.label ?? "";
  useEffect(() => {
    showUnread(unread, unread > 0 ? t("title.unread", { n: unread, room }) : t("title.room", { room }));
  }, [unread, room]);
}
