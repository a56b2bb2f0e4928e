import { Toolbar } from "radix-ui";
import { Ellipsis, X } from "lucide-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMe } from "~/api/queries";
import { conversationMenu, useConversationActions } from "~/conversation-actions";
import { knownConversations } from "~/conversation-actions/known";
import { useAnnouncer } from "~/ui/announcer";
import { IconButton } from "~/ui/IconButton";
import { Menu } from "~/ui/Menu";
import type { Selection } from "./selection";
import { t } from "./text";

const inSight = 4;

/** What can be done with all that is selected. What could not be changed stays selected. */
export function BulkBar({ selection }: { selection: Selection }) {
  const client = useQueryClient();
  const actions = useConversationActions();
  const announcer = useAnnouncer();
  const me = useMe().data?.id;
  const n = selection.ids.size;
  useEffect(() => announcer.say(t("bulk.selected", { n })), [announcer, n]);

  const entries = conversationMenu(knownConversations(client, [...selection.ids]), actions, me);
  const [first, rest] = [entries.slice(0, inSight), entries.slice(inSight)];
  return (
    <Toolbar.Root
      aria-label={t("bulk.label")}
      className="flex h-12 shrink-0 items-center gap-1 border-b border-line bg-selected px-2"
    >
      <Toolbar.Button asChild>
        <IconButton icon={X} label={t("bulk.clear")} shortcut="Esc" side="bottom" onClick={selection.clear} />
      </Toolbar.Button>
      <span className="min-w-0 flex-1 truncate font-medium tabular-nums">{t("bulk.selected", { n })}</span>
      {first.map(({ key, label, icon, shortcut, onSelect }) => (
        <Toolbar.Button key={key} asChild>
          <IconButton icon={icon ?? Ellipsis} label={label} shortcut={shortcut} side="bottom" onClick={onSelect} />
        </Toolbar.Button>
      ))}
      <Menu
        align="end"
        entries={rest}
        trigger={
          <Toolbar.Button asChild>
            <IconButton icon={Ellipsis} label={t("bulk.more")} side="bottom" />
          </Toolbar.Button>
        }
      />
    </Toolbar.Root>
  );
}
