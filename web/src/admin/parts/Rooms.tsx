import { Link, type LinkProps } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";

export interface Room {
  to: LinkProps["to"];
  label: string;
  icon: LucideIcon;
}

/** The way between the rooms of one part: at the left, or above on a phone. */
export function Rooms({ label, rooms }: { label: string; rooms: Room[] }) {
  return (
    <nav
      aria-label={label}
      data-pane="rooms"
      className="shrink-0 overflow-x-auto border-line bg-surface p-2 max-md:border-b md:w-52 md:border-r"
    >
      <ul className="flex gap-1 md:flex-col">
        {rooms.map(({ to, label: name, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact: to === "/settings" }}
              className="touch-target flex min-h-8 items-center gap-2 rounded-control px-2 whitespace-nowrap text-text no-underline hover:bg-raised"
              activeProps={{ className: "bg-selected font-medium" }}
            >
              <Icon aria-hidden size={16} strokeWidth={1.75} />
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
