import { useNavigate } from "@tanstack/react-router";
import { useMe } from "~/api/queries";
import { useConversationActions } from "~/conversation-actions";
import { useShortcuts } from "../shortcuts";
import { focusNextPane } from "./panes";
import { useOverlays } from "./overlays";

/** The keys that work in every room. */
export function GlobalShortcuts() {
  const navigate = useNavigate();
  const overlays = useOverlays();
  const actions = useConversationActions();
  const isAdmin = useMe().data?.role === "admin";
  useShortcuts({
    "/": () => void navigate({ to: "/search" }),
    "?": () => overlays.open("keys"),
    "mod+k": () => overlays.open("palette"),
    "g i": () => void navigate({ to: "/" }),
    "g c": () => void navigate({ to: "/contacts" }),
    "g s": () => void navigate({ to: "/settings" }),
    "g a": () => isAdmin && void navigate({ to: "/admin" }),
    z: () => actions.undo(),
    F6: () => focusNextPane(1),
    "shift+F6": () => focusNextPane(-1),
  });
  return null;
}
