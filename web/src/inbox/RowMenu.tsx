import { type ReactElement, useState } from "react";
import { useMe } from "~/api/queries";
import type { Conversation } from "~/api/types";
import { conversationMenu, useConversationActions } from "~/conversation-actions";
import { ContextMenu } from "~/ui/Menu";
import type { Selection } from "./selection";

interface RowMenuProps {
  rows: Conversation[];
  selection: Selection;
  children: ReactElement;
}

/** The menu of whichever row is under the pointer or has the focus; of the whole selection, if the row belongs to it. One for all rows: ten thousand would cost. */
export function RowMenu({ rows, selection, children }: RowMenuProps) {
  const actions = useConversationActions();
  const me = useMe().data?.id;
  const [about, setAbout] = useState<Conversation[]>([]);
  const choose = (target: EventTarget) => {
    const id = target instanceof Element ? target.closest<HTMLElement>("[data-id]")?.dataset.id : undefined;
    const ids = id && selection.ids.has(id) ? selection.ids : new Set([id]);
    setAbout(rows.filter((row) => ids.has(row.id)));
  };
  return (
    <ContextMenu entries={conversationMenu(about, actions, me)}>
      <div className="flex min-h-0 flex-1 flex-col" onContextMenuCapture={(event) => choose(event.target)}>
        {children}
      </div>
    </ContextMenu>
  );
}
