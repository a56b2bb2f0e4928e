import { ListChecks, MapPin, Plus, UserRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Channel, NewMessage } from "~/api/types";
import { IconButton } from "~/ui/IconButton";
import { Menu } from "~/ui/Menu";
import { t } from "../text";
import { type Extra, extrasOf } from "./offer";

const ExtraDialog = lazy(() => import("./ExtraDialog"));

const icons = { choices: ListChecks, place: MapPin, card: UserRound };

interface ExtrasButtonProps {
  channel: Channel;
  /** What is written already: the question of choices. */
  text: string;
  onSend(body: NewMessage): void;
}

/** Leads to what else can be sent on the channel; nothing where that is nothing. */
export function ExtrasButton({ channel, text, onSend }: ExtrasButtonProps) {
  const [chosen, setChosen] = useState<Extra | null>(null);
  const extras = extrasOf(channel);
  if (extras.length === 0) return null;
  return (
    <>
      <Menu
        side="top"
        trigger={<IconButton icon={Plus} label={t("extras.label")} />}
        entries={extras.map((extra) => ({
          key: extra,
          label: t(`extras.${extra}`),
          icon: icons[extra],
          onSelect: () => setChosen(extra),
        }))}
      />
      {chosen && (
        <Suspense>
          <ExtraDialog
            extra={chosen}
            channel={channel}
            text={text}
            onSend={(body) => {
              setChosen(null);
              onSend(body);
            }}
            onClose={() => setChosen(null)}
          />
        </Suspense>
      )}
    </>
  );
}
