import { clsx } from "clsx";
import { Avatar } from "~/ui/Avatar";
import { Time } from "~/ui/Time";
import type { Chat } from "./backend";
import { t } from "./text";

interface ChatListProps {
  chats: Chat[];
  open: string[];
  onOpen(id: string): void;
}

export function ChatList({ chats, open, onOpen }: ChatListProps) {
  return (
    <section aria-labelledby="chats">
      <h2 id="chats" className="text-title font-semibold">
        {t("chats.title")}
      </h2>
      {chats.length === 0 && <p className="text-text-2">{t("chats.none")}</p>}
      <ul className="-mx-2">
        {chats.map((chat) => (
          <li key={chat.id}>
            <ChatRow chat={chat} shown={open.includes(chat.id)} onOpen={() => onOpen(chat.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ChatRow({ chat, shown, onOpen }: { chat: Chat; shown: boolean; onOpen(): void }) {
  const { name } = chat.customer;
  return (
    <button
      type="button"
      aria-pressed={shown}
      aria-label={t("chats.open", { name })}
      onClick={onOpen}
      className={clsx(
        "flex w-full items-center gap-3 rounded-control p-2 text-left hover:bg-raised",
        shown && "bg-selected",
      )}
    >
      <Avatar name={name} channel={chat.channel} />
      <span className="min-w-0 flex-1">
        <span className="flex justify-between gap-2">
          <span className="truncate font-medium">{name}</span>
          <Time at={chat.at} className="text-meta text-text-3" />
        </span>
        <span className="block truncate text-chip text-text-2">{chat.last?.text || t("chats.nothing")}</span>
      </span>
    </button>
  );
}
