import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { updateMe } from "~/api/operations";
import { useMe } from "~/api/queries";
import type { Me } from "~/api/types";
import { useToasts } from "~/ui/toasts";
import { t } from "./text";

/** What an agent chose for themselves; kept with their account, so that it follows them to another device. */
export interface Preferences {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  /** The order of the list, where the address names none. */
  sort: "recent" | "oldest" | "waiting";
  sendKey: "enter" | "mod+enter";
  /** Single-key shortcuts. */
  keyboard: boolean;
  language: string;
  /** What opens after a conversation was resolved. */
  afterResolve: "next" | "stay";
  /** Answering an unassigned conversation takes it. */
  claimOnReply: boolean;
  /** Which conversations' messages are told while the page is hidden. */
  notifyMine: boolean;
  notifyUnassigned: boolean;
  notifyOthers: boolean;
  /** A conversation was given to this agent. */
  notifyAssigned: boolean;
  desktop: boolean;
  sound: boolean;
  audioSpeed: 1 | 1.5 | 2;
  listWidth: number;
  panelOpen: boolean;
}

export const defaults: Preferences = {
  theme: "system",
  density: "comfortable",
  sort: "recent",
  sendKey: "enter",
  keyboard: true,
  language: "en",
  afterResolve: "next",
  claimOnReply: true,
  notifyMine: true,
  notifyUnassigned: true,
  notifyOthers: false,
  notifyAssigned: true,
  desktop: false,
  sound: true,
  audioSpeed: 1,
  listWidth: 340,
  panelOpen: true,
};

const mirror = "omni.preferences";

/** Takes what has the right type and leaves the rest: the document may be from an older or a newer dashboard. */
export function preferencesOf(document: Record<string, unknown>): Preferences {
  const known = Object.entries(defaults).map(([name, value]) => [
    name,
    typeof document[name] === typeof value ? document[name] : value,
  ]);
  return Object.fromEntries(known) as Preferences;
}

/** The preferences of the last visit, for what is shown before the server has answered. */
export function rememberedPreferences(): Preferences {
  try {
    return preferencesOf(JSON.parse(localStorage.getItem(mirror) ?? "{}") as Record<string, unknown>);
  } catch {
    return defaults;
  }
}

/** Puts the theme on the page, and remembers what the next first paint needs. */
export function applyPreferences(preferences: Preferences): void {
  if (preferences.theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = preferences.theme;
  localStorage.setItem(mirror, JSON.stringify(preferences));
}

/** The agent's preferences and how to change some: shown at once, then saved. What is not saved is taken back, and said. */
export function usePreferences(): [Preferences, (changes: Partial<Preferences>) => void] {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const { data: me } = useMe();
  const preferences = useMemo(() => (me ? preferencesOf(me.preferences) : rememberedPreferences()), [me]);
  const change = useCallback(
    (changes: Partial<Preferences>) => {
      const before = preferencesOf(client.getQueryData<Me>(keys.me)?.preferences ?? {});
      const next = show(client, changes);
      updateMe(api, { preferences: next }).then(
        (saved) => client.setQueryData(keys.me, saved),
        (error: unknown) => {
          show(client, undone(before, changes));
          toasts.failure(error, t("preferences.failed"));
        },
      );
    },
    [api, client, toasts],
  );
  return [preferences, change];
}

/** Puts changes on the page, and returns the whole document as it is then. */
function show(client: QueryClient, changes: Partial<Preferences>): Record<string, unknown> {
  const me = client.getQueryData<Me>(keys.me);
  const next = { ...me?.preferences, ...changes };
  if (me) client.setQueryData<Me>(keys.me, { ...me, preferences: next });
  applyPreferences(preferencesOf(next));
  return next;
}

/** What was there before a change, for what it changed and nothing else. */
const undone = (before: Preferences, changes: Partial<Preferences>): Partial<Preferences> =>
  Object.fromEntries(Object.entries(before).filter(([name]) => name in changes));
