import { Outlet } from "@tanstack/react-router";

export function Shell() {
  return (
    <div className="flex h-full">
      <Outlet />
    </div>
  );
}
