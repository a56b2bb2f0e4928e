import { Contact, Inbox, type LucideIcon, Search, Settings, ShieldCheck } from "lucide-react";
import type { Role } from "~/api/types";
import { t } from "../text";

export interface Destination {
  to: "/" | "/search" | "/contacts" | "/settings" | "/admin";
  /** What an address below it begins with. */
  below: string;
  label: string;
  icon: LucideIcon;
  shortcut?: string;
}

/** The rooms that an agent can go to. */
export function destinations(role: Role): Destination[] {
  const rooms: Destination[] = [
    { to: "/", below: "/inbox", label: t("nav.inbox"), icon: Inbox, shortcut: "G I" },
    { to: "/search", below: "/search", label: t("nav.search"), icon: Search, shortcut: "/" },
    { to: "/contacts", below: "/contacts", label: t("nav.contacts"), icon: Contact, shortcut: "G C" },
    { to: "/settings", below: "/settings", label: t("nav.settings"), icon: Settings, shortcut: "G S" },
  ];
  if (role === "admin")
    rooms.push({ to: "/admin", below: "/admin", label: t("nav.admin"), icon: ShieldCheck, shortcut: "G A" });
  return rooms;
}
