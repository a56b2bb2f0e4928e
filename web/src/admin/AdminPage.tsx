import { Outlet } from "@tanstack/react-router";
import { Cable, MessageSquareText, ScrollText, Skull, Tags, Users, Webhook } from "lucide-react";
import { AdminOnly } from "~/app/AdminOnly";
import { type Room, Rooms } from "./parts/Rooms";
import { t } from "./text";

const rooms: Room[] = [
  { to: "/admin/channels", label: t("nav.channels"), icon: Cable },
  { to: "/admin/agents", label: t("nav.agents"), icon: Users },
  { to: "/admin/labels", label: t("nav.labels"), icon: Tags },
  { to: "/admin/canned-replies", label: t("nav.canned"), icon: MessageSquareText },
  { to: "/admin/dead-letters", label: t("nav.deadLetters"), icon: Skull },
  { to: "/admin/subscriptions", label: t("nav.subscriptions"), icon: Webhook },
  { to: "/admin/audit", label: t("nav.audit"), icon: ScrollText },
];

/** The administration: its rooms at the left, one of them beside them. */
export function AdminPage() {
  return (
    <main className="flex min-h-0 min-w-0 flex-1 max-md:flex-col">
      <AdminOnly>
        <Rooms label={t("nav.label")} rooms={rooms} />
        <div data-pane="page" className="min-h-0 min-w-0 flex-1 overflow-y-auto">
          <Outlet />
        </div>
      </AdminOnly>
    </main>
  );
}
