import { Link, useLocation } from "@tanstack/react-router";
import { clsx } from "clsx";
import { useCounts, useMe } from "~/api/queries";
import { Badge } from "~/ui/Badge";
import { Tooltip } from "~/ui/Tooltip";
import { t } from "../text";
import { type Destination, destinations } from "./navigation";
import { MeMenu } from "./MeMenu";

/** The way between rooms: a rail at the left, or a bar at the bottom of a phone. */
export function Rail() {
  const { data: me } = useMe();
  const counts = useCounts().data;
  const path = useLocation({ select: (location) => location.pathname });
  // On a phone an open conversation has the whole screen.
  const inConversation = /^\/inbox\/[^/]+\/./.test(path);
  if (!me) return null;
  const unread = (counts?.mine_unread ?? 0) + (counts?.unassigned_unread ?? 0);
  return (
    <nav
      aria-label={t("nav.label")}
      data-pane="rail"
      className={clsx(
        "flex shrink-0 items-center gap-1 border-line bg-bg p-2 max-md:justify-around max-md:border-t max-md:pb-[max(8px,env(safe-area-inset-bottom))] md:w-14 md:flex-col md:border-r",
        inConversation && "max-md:hidden",
      )}
    >
      {destinations(me.role).map((room) => (
        <RailLink
          key={room.to}
          room={room}
          current={path.startsWith(room.below)}
          unread={room.below === "/inbox" ? unread : 0}
        />
      ))}
      <div className="md:mt-auto">
        <MeMenu me={me} />
      </div>
    </nav>
  );
}

function RailLink({
  room: { to, label, icon: Icon, shortcut },
  current,
  unread,
}: {
  room: Destination;
  current: boolean;
  unread: number;
}) {
  return (
    <Tooltip text={label} shortcut={shortcut} side="right">
      <Link
        to={to}
        aria-label={unread > 0 ? `${label}, ${t("nav.unread", { n: unread })}` : label}
        aria-current={current ? "page" : undefined}
        className={clsx(
          "touch-target relative inline-flex size-10 items-center justify-center rounded-control hover:bg-raised",
          current ? "bg-selected text-text" : "text-text-2",
        )}
      >
        <Icon aria-hidden size={20} strokeWidth={1.75} />
        {unread > 0 && (
          <Badge tone="accent" className="absolute -top-1 -right-1">
            {unread > 99 ? "99+" : unread}
          </Badge>
        )}
      </Link>
    </Tooltip>
  );
}
