import { useNavigate } from "@tanstack/react-router";
import { useMe } from "~/api/queries";
import type { Conversation } from "~/api/types";
import { useShortcuts } from "~/app/shortcuts";
import { useConversationActions } from "~/conversation-actions";
import type { Focus } from "./focus";
import { type InboxSearch, type View, views } from "./search";
import type { Selection } from "./selection";

interface ListShortcuts {
  rows: Conversation[];
  view: View;
  search: InboxSearch;
  open: string | null;
  focus: Focus;
  selection: Selection;
  onOpen(id: string): void;
}

/** The keys of the inbox, wherever in it the focus is. */
export function useListShortcuts({ rows, view, search, open, focus, selection, onOpen }: ListShortcuts): void {
  const navigate = useNavigate();
  const actions = useConversationActions();
  const me = useMe().data?.id;

  const step = (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.id === (open ?? focus.id));
    const next = rows[at < 0 ? 0 : at + by];
    if (!next) return;
    focus.set(next.id, true);
    onOpen(next.id);
  };
  const targets = (): string[] => {
    if (selection.ids.size > 0) return [...selection.ids];
    const one = inList() ? (focus.id ?? open) : (open ?? focus.id);
    return one ? [one] : [];
  };
  const withTargets = (act: (ids: string[]) => unknown) => () => {
    const ids = targets();
    if (ids.length === 0) return false;
    act(ids);
    return true;
  };
  const back = () => {
    if (open === null) return false;
    focus.set(open, true);
    void navigate({ to: "/inbox/$view", params: { view }, search: { ...search, message: undefined } });
    return true;
  };
  const goTo = (index: number) => () =>
    void navigate({ to: "/inbox/$view", params: { view: views[index] ?? "all" }, search });

  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    x: withTargets(() => toggleOne(selection, inList() ? focus.id : (open ?? focus.id))),
    e: withTargets((ids) => actions.resolve(ids)),
    h: withTargets((ids) => actions.ask("snooze", ids)),
    a: withTargets((ids) => actions.ask("assign", ids)),
    l: withTargets((ids) => actions.ask("label", ids)),
    i: withTargets((ids) => me && actions.assign(ids, me)),
    "shift+u": withTargets((ids) => actions.mark(ids, false)),
    u: back,
    Escape: back,
    "1": goTo(0),
    "2": goTo(1),
    "3": goTo(2),
  });
}

const inList = () => document.activeElement?.closest('[role="grid"]') !== null && document.activeElement !== null;

function toggleOne(selection: Selection, id: string | null) {
  if (id) selection.toggle(id);
}
