import { useChannels } from "~/api/queries";
import type { ContactDetail } from "~/api/types";
import { useNow } from "~/i18n/clock";
import { shortDate } from "~/i18n/format";
import { ChannelGlyph } from "~/ui/ChannelGlyph";
import { CopyButton } from "./CopyButton";
import { Section } from "./Section";
import { t } from "./text";

/** By which names the platforms know the customer. */
export function Identities({ identities }: { identities: ContactDetail["identities"] }) {
  const { data: channels = [] } = useChannels();
  const now = useNow();
  if (identities.length === 0) return null;
  return (
    <Section title={t("identities.title")}>
      <ul className="flex flex-col gap-1">
        {identities.map(({ channel, account, kind, value, first_seen_at }) => {
          const known = channels.find(({ name }) => name === channel);
          const name = known?.accounts.find(({ external_id }) => external_id === account)?.name ?? account;
          return (
            <li key={`${channel} ${account} ${kind} ${value}`} className="flex items-center gap-2">
              <ChannelGlyph channel={channel} />
              <span className="min-w-0 flex-1">
                <span className="block truncate">{value}</span>
                <span className="block truncate text-meta text-text-3">
                  {[known?.title ?? channel, name, kind.replaceAll("_", " ")].filter(Boolean).join(" · ")} ·{" "}
                  {t("identities.first", { at: shortDate(first_seen_at, now) })}
                </span>
              </span>
              <CopyButton value={value} label={t("identities.copy", { value })} />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
