import { useQuery } from "@tanstack/react-query";
import { Smartphone, Unplug } from "lucide-react";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { listChannels, listChats, type SimulatedChannel } from "./backend";
import { ChatList } from "./ChatList";
import { NewCustomer } from "./NewCustomer";
import { Phone } from "./Phone";
import { t } from "./text";
import { TroublePanel } from "./TroublePanel";
import { type OpenChats, useOpenChats } from "./use-open-chats";

/** The page: customers at the left, the phones of those that were chosen beside them. */
export function Simulator() {
  const channels = useQuery({ queryKey: ["channels"], queryFn: listChannels });
  if (channels.isPending) return <p className="p-6 text-text-2">{t("loading")}</p>;
  if (channels.isError)
    return (
      <main className="h-full">
        <EmptyState
          icon={Unplug}
          alert
          title={t("failed.title")}
          hint={`${channels.error.message} ${t("failed.body")}`}
        >
          <Button onClick={() => void channels.refetch()}>{t("retry")}</Button>
        </EmptyState>
      </main>
    );
  return <Table channels={channels.data} />;
}

function Table({ channels }: { channels: SimulatedChannel[] }) {
  const chats = useOpenChats();
  return (
    <div className="flex h-full max-md:flex-col">
      <Customers channels={channels} chats={chats} />
      <main className="flex min-h-0 flex-1 gap-4 overflow-x-auto p-4">
        {chats.ids.length === 0 && (
          <div className="flex-1">
            <EmptyState icon={Smartphone} title={t("empty.title")} hint={t("empty.body")} />
          </div>
        )}
        {chats.ids.map((id) => (
          <Phone key={id} id={id} channels={channels} onClose={() => chats.close(id)} />
        ))}
      </main>
    </div>
  );
}

function Customers({ channels, chats }: { channels: SimulatedChannel[]; chats: OpenChats }) {
  const all = useQuery({ queryKey: ["chats"], queryFn: listChats, refetchInterval: 2000 });
  return (
    <aside className="flex w-80 shrink-0 flex-col gap-4 overflow-y-auto border-r border-line bg-surface p-4 max-md:max-h-80 max-md:w-full max-md:border-b">
      <header>
        <div className="flex items-baseline justify-between">
          <h1 className="text-page font-semibold">{t("title")}</h1>
          <a href="/">{t("toDashboard")}</a>
        </div>
        <p className="text-chip text-text-2">{t("intro")}</p>
      </header>
      <NewCustomer channels={channels} onMade={(chat) => chats.open(chat.id)} />
      <ChatList chats={all.data ?? []} open={chats.ids} onOpen={chats.open} />
      <TroublePanel />
    </aside>
  );
}
