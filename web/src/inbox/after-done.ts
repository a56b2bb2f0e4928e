import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Conversation } from "~/api/types";
import { usePreferences } from "~/app/preferences";
import { useConversationActions } from "~/conversation-actions";
import type { Focus } from "./focus";
import type { InboxSearch, View } from "./search";
import type { Selection } from "./selection";

interface AfterDone {
  rows: Conversation[];
  view: View;
  search: InboxSearch;
  open: string | null;
  focus: Focus;
  selection: Selection;
  onOpen(id: string): void;
}

/** When the agent is done with the conversation that is open, the next one opens, if they like it so. */
export function useAfterDone(list: AfterDone): void {
  const navigate = useNavigate();
  const actions = useConversationActions();
  const [preferences] = usePreferences();
  const goOn = (ids: string[]) => {
    const { rows, view, search, open, focus, onOpen } = list;
    if (open === null || !ids.includes(open) || preferences.afterResolve === "stay") return;
    const next = nextAfter(rows, open, ids);
    if (next) {
      focus.set(next, !isTyping());
      onOpen(next);
    } else void navigate({ to: "/inbox/$view", params: { view }, search: { ...search, message: undefined } });
  };
  // What could not be changed stays selected, so that the agent can try again.
  const unselect = (ids: string[], refused: string[]) =>
    list.selection.set([...list.selection.ids].filter((id) => !ids.includes(id) || refused.includes(id)));
  const latest = useRef({ goOn, unselect });
  useEffect(() => {
    latest.current = { goOn, unselect };
  });
  useEffect(
    () =>
      actions.onDone((ids, refused) => {
        latest.current.goOn(ids);
        void refused.then((those) => latest.current.unselect(ids, those));
      }),
    [actions],
  );
}

/** The first row behind the open one that is not done with, or the last before it. */
export function nextAfter(rows: Conversation[], open: string, done: string[]): string | null {
  const at = rows.findIndex((row) => row.id === open);
  const left = (row: Conversation) => !done.includes(row.id);
  const next = rows.slice(at + 1).find(left) ?? rows.slice(0, Math.max(0, at)).findLast(left);
  return next?.id ?? null;
}

const isTyping = () => document.activeElement?.matches("textarea, input:not([type='checkbox'])") ?? false;
