import { Outlet } from "@tanstack/react-router";
import { MessageSquareText, UserRound } from "lucide-react";
import { Rooms } from "~/admin/parts/Rooms";
import { t } from "./text";

/** What an agent chooses for themselves. */
export function SettingsPage() {
  return (
    <main className="flex min-h-0 min-w-0 flex-1 max-md:flex-col">
      <Rooms
        label={t("nav.label")}
        rooms={[
          { to: "/settings", label: t("nav.you"), icon: UserRound },
          { to: "/settings/canned-replies", label: t("nav.canned"), icon: MessageSquareText },
        ]}
      />
      <div data-pane="page" className="min-h-0 min-w-0 flex-1 overflow-y-auto">
        <Outlet />
      </div>
    </main>
  );
}
