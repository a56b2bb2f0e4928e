import { Outlet } from "@tanstack/react-router";

export function SettingsPage() {
  return (
    <main className="flex-1">
      <Outlet />
    </main>
  );
}
