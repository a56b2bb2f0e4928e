import { useState } from "react";
import type { Channel, ChannelAccount } from "~/api/types";
import { useNow } from "~/i18n/clock";
import { dateTime } from "~/i18n/format";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Time } from "~/ui/Time";
import { Facts } from "../parts/Facts";
import { t } from "../text";
import { Failures } from "./Failures";
import { standingOf } from "./standing";
import { TemplatesDialog } from "./TemplatesDialog";
import { TestButton } from "./TestButton";

/** One account: what the platform said of it, what went through it, what failed. */
export function AccountCard({ channel, account }: { channel: Channel; account: ChannelAccount }) {
  const [templates, setTemplates] = useState(false);
  const { tone, word } = standingOf(account, useNow());
  const name = account.name || account.external_id;
  return (
    <article aria-label={name} className="flex flex-col gap-3 rounded-control border border-line bg-surface p-4">
      <header className="flex flex-wrap items-center gap-3">
        <h3 className="font-semibold">{name}</h3>
        <Badge tone={tone}>{t(`channels.state.${word}`)}</Badge>
        {account.health?.since && <Since at={account.health.since} />}
        <span className="ml-auto flex flex-wrap gap-2">
          {channel.sends.templates && <Button onClick={() => setTemplates(true)}>{t("channels.templates")}</Button>}
          <TestButton channel={channel.name} account={account} />
        </span>
      </header>
      {account.health?.detail && <p className="text-bad [overflow-wrap:anywhere]">{account.health.detail}</p>}
      <Facts facts={facts(account)} />
      <Failures failures={account.failures_24h} />
      {templates && <TemplatesDialog channel={channel.name} account={account} onClose={() => setTemplates(false)} />}
    </article>
  );
}

function Since({ at }: { at: string }) {
  return <span className="text-chip text-text-3">{t("channels.since", { time: dateTime(at) })}</span>;
}

const when = (at: string | null | undefined) => (at ? <Time at={at} /> : t("page.never"));

function facts({ external_id: id, credential_account: credentials, health, ...account }: ChannelAccount) {
  return [
    [t("channels.account"), id],
    [t("channels.credentials"), credentials],
    [t("channels.checked"), when(health?.checked_at)],
    [
      t("channels.expires"),
      health?.checked_at && (health.expires_at ? dateTime(health.expires_at) : t("channels.expiresNever")),
    ],
    [t("channels.lackedPermissions"), health?.lacks.join(", ")],
    [t("channels.lastInbound"), when(account.last_inbound_at)],
    [t("channels.lastOutbound"), when(account.last_outbound_at)],
  ] satisfies [string, unknown][];
}
