import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { memo, type MouseEvent } from "react";
import type { Conversation } from "~/api/types";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Checkbox } from "~/ui/Checkbox";
import { Time } from "~/ui/Time";
import { conversationName } from "~/i18n/names";
import { Preview } from "./Preview";
import { RowChips } from "./RowChips";
import { useRowName } from "./row-name";
import type { InboxSearch, View } from "./search";
import { t } from "./text";

export interface RowProps {
  conversation: Conversation;
  view: View;
  search: InboxSearch;
  /** Counted from 1 through the whole list. */
  position: number;
  /** In pixels from the top of the list. */
  top: number;
  height: number;
  open: boolean;
  selected: boolean;
  /** Some are selected: every row shows its box. */
  selecting: boolean;
  /** Where Tab comes to. */
  entry: boolean;
  compact: boolean;
  onSelect(id: string, range: boolean): void;
}

/** One conversation of the list. The row has the focus and the keys; what is in it is for the pointer. */
export const Row = memo(function Row(props: RowProps) {
  const { conversation, view, search, position, open, selected, entry, compact } = props;
  const name = useRowName(conversation);
  return (
    <div
      role="row"
      aria-label={name}
      aria-rowindex={position}
      aria-selected={selected}
      aria-current={open || undefined}
      tabIndex={entry ? 0 : -1}
      data-id={conversation.id}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      className={clsx(
        "group absolute inset-x-0 top-0 flex items-stretch border-b border-line -outline-offset-2",
        open || selected ? "bg-selected" : "hover:bg-raised",
      )}
    >
      <RowBox {...props} />
      <div role="gridcell" className="min-w-0 flex-1">
        <Link
          to="/inbox/$view/$conversationId"
          params={{ view, conversationId: conversation.id }}
          search={{ ...search, message: undefined }}
          tabIndex={-1}
          aria-hidden
          onClick={(event) => selectInstead(event, props)}
          className="flex h-full flex-col justify-center gap-px py-1 pr-3 text-text no-underline"
        >
          <RowHead conversation={conversation} />
          <Preview conversation={conversation} />
          {!compact && <RowChips conversation={conversation} />}
        </Link>
      </div>
    </div>
  );
});

// Shift selects a range, as lists do everywhere; Ctrl and the middle button open another tab, as links do.
function selectInstead(event: MouseEvent, { conversation, onSelect }: RowProps) {
  if (!event.shiftKey) return;
  event.preventDefault();
  onSelect(conversation.id, true);
}

function RowBox({ conversation, selected, selecting, onSelect }: RowProps) {
  const shown = selected || selecting;
  const name = conversationName(conversation);
  return (
    <div role="gridcell" className="relative flex w-16 shrink-0 items-center justify-center">
      <span className={clsx(shown ? "invisible" : "group-hover:invisible pointer-coarse:group-hover:visible")}>
        <Avatar name={name} channel={conversation.channel} size={40} />
      </span>
      <Checkbox
        hideLabel
        label={t("row.select", { name })}
        tabIndex={-1}
        checked={selected}
        onChange={() => onSelect(conversation.id, false)}
        className={clsx("absolute", !shown && "opacity-0 group-hover:opacity-100 pointer-coarse:pointer-events-none")}
      />
    </div>
  );
}

function RowHead({ conversation }: { conversation: Conversation }) {
  const unread = conversation.unread > 0;
  return (
    <span className="flex items-baseline gap-2">
      <span className={clsx("min-w-0 flex-1 truncate text-body", unread ? "font-semibold" : "font-medium")} dir="auto">
        {conversationName(conversation)}
      </span>
      {conversation.last_message_at && <Time at={conversation.last_message_at} className="text-meta text-text-3" />}
      {unread && (
        <Badge tone="accent" className="self-center">
          {conversation.unread > 9 ? "9+" : conversation.unread}
        </Badge>
      )}
    </span>
  );
}
