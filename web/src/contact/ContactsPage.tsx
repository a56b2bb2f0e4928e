import { Outlet } from "@tanstack/react-router";

export function ContactsPage() {
  return (
    <main className="flex flex-1">
      <Outlet />
    </main>
  );
}
