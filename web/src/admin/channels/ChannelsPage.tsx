import { Cable } from "lucide-react";
import { useChannels } from "~/api/queries";
import type { Channel } from "~/api/types";
import { ChannelGlyph } from "~/ui/ChannelGlyph";
import { EmptyState } from "~/ui/EmptyState";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { t } from "../text";
import { AccountCard } from "./AccountCard";

/** How every channel is doing, account by account. */
export function ChannelsPage() {
  const channels = useChannels();
  return (
    <Page title={t("channels.title")} intro={t("channels.intro")}>
      <Loaded query={channels}>
        {(all) =>
          all.some((channel) => channel.accounts.length > 0) ? (
            all.map((channel) => <ChannelSection key={channel.name} channel={channel} />)
          ) : (
            <EmptyState icon={Cable} title={t("channels.none")} hint={t("channels.noneHint")} />
          )
        }
      </Loaded>
    </Page>
  );
}

function ChannelSection({ channel }: { channel: Channel }) {
  const id = `channel-${channel.name}`;
  if (channel.accounts.length === 0) return null;
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h2 id={id} className="flex items-center gap-2 text-title font-semibold">
        <ChannelGlyph channel={channel.name} />
        {channel.title}
      </h2>
      {channel.accounts.map((account) => (
        <AccountCard key={account.id} channel={channel} account={account} />
      ))}
    </section>
  );
}
