import { Outlet } from "@tanstack/react-router";

export function AdminPage() {
  return (
    <main className="flex-1">
      <Outlet />
    </main>
  );
}
