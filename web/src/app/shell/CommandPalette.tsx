import { useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { keys } from "~/api/keys";
import { useMe } from "~/api/queries";
import type { ConversationPages } from "~/api/realtime/fold-conversations";
import { conversationName } from "~/i18n/names";
import { Dialog } from "~/ui/Dialog";
import { Picker, type PickerItem } from "~/ui/Picker";
import { type Preferences, usePreferences } from "../preferences";
import { t } from "../text";
import { destinations } from "./navigation";

interface Command extends PickerItem {
  run(): unknown;
}

/** Everything that can be gone to or switched, by typing a part of its name. */
export function CommandPalette({ onClose }: { onClose(): void }) {
  const commands = [...useRooms(), ...useThemes(), ...useConversationCommands()];
  const pick = ({ id }: PickerItem) => {
    onClose();
    commands.find((command) => command.id === id)?.run();
  };
  return (
    <Dialog open onOpenChange={onClose} title={t("palette.title")}>
      <div className="[&>*]:w-full">
        <Picker label={t("palette.find")} empty={t("palette.empty")} items={commands} onPick={pick} />
      </div>
    </Dialog>
  );
}

function useRooms(): Command[] {
  const navigate = useNavigate();
  const role = useMe().data?.role ?? "agent";
  return destinations(role).map(({ to, label, icon: Icon, shortcut }) => ({
    id: to,
    label,
    hint: shortcut,
    before: <Icon aria-hidden size={16} />,
    run: () => navigate({ to }),
  }));
}

function useThemes(): Command[] {
  const [preferences, change] = usePreferences();
  const themes: Preferences["theme"][] = ["light", "dark", "system"];
  return themes.map((theme) => ({
    id: `theme-${theme}`,
    label: t(`palette.theme.${theme}`),
    checked: preferences.theme === theme,
    run: () => change({ theme }),
  }));
}

const mostConversations = 200;

/** The conversations that are loaded: the search page finds the others. */
function useConversationCommands(): Command[] {
  const navigate = useNavigate();
  const client = useQueryClient();
  const lists = client.getQueriesData<ConversationPages>({ queryKey: keys.allConversations });
  const loaded = lists.flatMap(([, list]) => list?.pages.flatMap((page) => page.items) ?? []);
  const distinct = new Map(loaded.map((each) => [each.id, each]));
  return [...distinct.values()].slice(0, mostConversations).map((each) => ({
    id: each.id,
    label: conversationName(each),
    hint: each.contact?.phone ?? t("palette.conversation"),
    run: () =>
      navigate({ to: "/inbox/$view/$conversationId", params: { view: "all", conversationId: each.id }, search: {} }),
  }));
}
