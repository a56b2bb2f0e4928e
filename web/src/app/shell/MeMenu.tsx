import { useQueryClient } from "@tanstack/react-query";
import { Command, Keyboard, LogOut, UserCheck, UserMinus } from "lucide-react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { updateMe } from "~/api/operations";
import type { Me } from "~/api/types";
import { Avatar } from "~/ui/Avatar";
import { Menu } from "~/ui/Menu";
import { useToasts } from "~/ui/toasts";
import { useSession } from "../session/context";
import { t } from "../text";
import { useOverlays } from "./overlays";

export function MeMenu({ me }: { me: Me }) {
  const session = useSession();
  const overlays = useOverlays();
  const toggle = useAvailability(me);
  const entries = [
    me.available
      ? { key: "away", label: t("me.setAway"), icon: UserMinus, onSelect: toggle }
      : { key: "here", label: t("me.setAvailable"), icon: UserCheck, onSelect: toggle },
    { key: "palette", label: t("me.palette"), icon: Command, onSelect: () => overlays.open("palette") },
    { key: "keys", label: t("me.shortcuts"), icon: Keyboard, shortcut: "?", onSelect: () => overlays.open("keys") },
    { key: "out", label: t("me.signOut"), icon: LogOut, separated: true, onSelect: () => void session.signOut() },
  ];
  return (
    <Menu
      side="right"
      align="end"
      entries={entries}
      trigger={
        <button
          type="button"
          className="touch-target relative inline-flex size-10 items-center justify-center rounded-full"
          aria-label={t("me.menu", { name: me.name })}
        >
          <Avatar name={me.name} />
          <Availability available={me.available} />
        </button>
      }
    />
  );
}

/** A full or a hollow dot, and a word for who does not see it. */
function Availability({ available }: { available: boolean }) {
  return (
    <span
      className={`absolute right-0.5 bottom-0.5 size-3 rounded-full border-2 ${available ? "border-bg bg-ok" : "border-text-2 bg-bg"}`}
    >
      <span className="sr-only">{available ? t("me.available") : t("me.away")}</span>
    </span>
  );
}

function useAvailability(me: Me) {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  return () =>
    void updateMe(api, { available: !me.available }).then(
      (changed) => client.setQueryData(keys.me, changed),
      (error: unknown) => toasts.failure(error, t("me.failed")),
    );
}
