import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import { Badge } from "~/ui/Badge";
import { IconButton } from "~/ui/IconButton";
import { Menu } from "~/ui/Menu";
import { Time } from "~/ui/Time";
import type { EventKind } from "./backend";
import type { Shown } from "./entries";
import { kindName } from "./kind-name";
import { MessageBody } from "./MessageBody";
import { t } from "./text";

interface MessageProps {
  message: Shown;
  name: string;
  kinds: EventKind[];
  /** The agents have read up to here. */
  readHere: boolean;
  onIntent(kind: EventKind): void;
  onPick?(choice: string): void;
}

export function PhoneMessage({ message, name, kinds, readHere, onIntent, onPick }: MessageProps) {
  const { entry } = message;
  const own = entry.from === "customer";
  return (
    <article
      aria-label={own ? name : t("entry.us")}
      className={clsx("group flex max-w-[85%] flex-col", own ? "self-end items-end" : "self-start")}
    >
      <div className="flex items-start gap-1">
        <div className={clsx("rounded-bubble px-3 py-2", own ? "bg-outgoing" : "bg-surface border border-line")}>
          <MessageBody message={message} onPick={onPick} />
        </div>
        {kinds.length > 0 && !message.deleted && (
          <Menu
            trigger={<IconButton icon={ChevronDown} label={t("phone.about", { name })} />}
            entries={kinds.map((kind) => ({
              key: kind.name,
              label: kindName(kind.name),
              onSelect: () => onIntent(kind),
            }))}
          />
        )}
      </div>
      <p className="flex items-center gap-2 text-meta text-text-3">
        {message.reactions.map((reaction) => (
          <span key={reaction.by} className="text-body">
            {reaction.emoji}
          </span>
        ))}
        <Time at={entry.at} as="clock" />
        {message.edited && <span>{t("entry.edited")}</span>}
        <span className={clsx(entry.state === "refused" && "text-bad")}>{t(`entry.${entry.state}`)}</span>
        {entry.times > 1 && <Badge tone="bad">{t("entry.times", { n: entry.times })}</Badge>}
      </p>
      {readHere && <p className="text-meta text-accent">{t("phone.readHere")}</p>}
    </article>
  );
}
