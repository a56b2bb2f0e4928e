import { useState } from "react";
import { useChannels } from "~/api/queries";
import type { Conversation } from "~/api/types";
import { ConversationLink } from "./ConversationLink";
import { Section } from "./Section";
import { t } from "./text";

/** What was talked about before, over all channels, the latest first. */
export function History({ conversations }: { conversations: Conversation[] }) {
  const { data: known = [] } = useChannels();
  const [channel, setChannel] = useState("");
  const channels = [...new Set(conversations.map((each) => each.channel))];
  const shown = conversations
    .filter((each) => channel === "" || each.channel === channel)
    .toSorted((a, b) => (b.last_message_at ?? b.created_at).localeCompare(a.last_message_at ?? a.created_at));
  const filter = channels.length > 1 && (
    <select
      aria-label={t("history.channel")}
      value={channel}
      onChange={(event) => setChannel(event.target.value)}
      className="field"
    >
      <option value="">{t("history.all")}</option>
      {channels.map((name) => (
        <option key={name} value={name}>
          {known.find((each) => each.name === name)?.title ?? name}
        </option>
      ))}
    </select>
  );
  return (
    <Section title={t("history.title")} action={filter}>
      {shown.length === 0 && <p className="text-text-3">{t("history.none")}</p>}
      {shown.map((conversation) => (
        <ConversationLink key={conversation.id} conversation={conversation} />
      ))}
    </Section>
  );
}
