import { Link, Outlet } from "@tanstack/react-router";
import { Cable, MessageSquareText, ScrollText, Skull, Tags, Users, Webhook } from "lucide-react";
import { AdminOnly } from "~/app/AdminOnly";
import { t } from "./text";

const rooms = [
  { to: "/admin/channels", label: "nav.channels", icon: Cable },
  { to: "/admin/agents", label: "nav.agents", icon: Users },
  { to: "/admin/labels", label: "nav.labels", icon: Tags },
  { to: "/admin/canned-replies", label: "nav.canned", icon: MessageSquareText },
  { to: "/admin/dead-letters", label: "nav.deadLetters", icon: Skull },
  { to: "/admin/subscriptions", label: "nav.subscriptions", icon: Webhook },
  { to: "/admin/audit", label: "nav.audit", icon: ScrollText },
] as const;

/** The administration: its rooms at the left, one of them beside them. */
export function AdminPage() {
  return (
    <main className="flex min-h-0 min-w-0 flex-1 max-md:flex-col">
      <AdminOnly>
        <Rooms />
        <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">
          <Outlet />
        </div>
      </AdminOnly>
    </main>
  );
}

function Rooms() {
  return (
    <nav
      aria-label={t("nav.label")}
      className="shrink-0 overflow-x-auto border-line bg-surface p-2 max-md:border-b md:w-52 md:border-r"
    >
      <ul className="flex gap-1 md:flex-col">
        {rooms.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              className="touch-target flex min-h-8 items-center gap-2 rounded-control px-2 whitespace-nowrap text-text no-underline hover:bg-raised"
              activeProps={{ className: "bg-selected font-medium" }}
            >
              <Icon aria-hidden size={16} strokeWidth={1.75} />
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
