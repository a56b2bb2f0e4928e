import { Outlet } from "@tanstack/react-router";

export function InboxPage() {
  return (
    <main className="flex h-full min-w-0 flex-1">
      <Outlet />
    </main>
  );
}
