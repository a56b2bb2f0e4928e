import { clockTime } from "~/i18n/format";
import type { Entry } from "../chat/outbox";
import { Icon } from "./Icon";
import type { Shown } from "./rows";
import type { Viewed } from "./view";

interface MetaProps extends Viewed {
  message: Shown;
  last: boolean;
}

/** When a message was written, and what became of one of the visitor's own. */
export function Meta({ view, message, last }: MetaProps) {
  const { language, t } = view;
  const { at, edited, deleted, entry } = message;
  if (entry?.state === "refused") return <Refused view={view} entry={entry} />;
  return (
    <p class="meta">
      {edited && !deleted && <span>{t("edited")}</span>}
      {last && <time dateTime={at}>{clockTime(at, language)}</time>}
      {last && message.from === "visitor" && <Status view={view} message={message} />}
    </p>
  );
}

function Status({ view, message: { at, entry } }: Omit<MetaProps, "last">) {
  const { t, state: chat } = view;
  const isRead = chat.readUntil !== null && Date.parse(at) <= Date.parse(chat.readUntil);
  const state = entry?.state === "waiting" ? "waiting" : isRead ? "read" : "sent";
  const word = t(`status.${state}`);
  return (
    <span title={word}>
      <Icon name={({ waiting: "clock", sent: "check", read: "checks" } as const)[state]} size={14} />
      <span class="unseen">{word}</span>
    </span>
  );
}

function Refused({ view: { chat, t }, entry }: Viewed & { entry: Entry }) {
  return (
    <p class="meta bad" role="alert">
      <Icon name="alert" size={14} />
      <span>{[t("status.refused"), entry.why].filter(Boolean).join(": ")}</span>
      <button type="button" class="link" onClick={() => chat.tryAgain(entry.id)}>
        {t("again")}
      </button>
      <button type="button" class="link" onClick={() => chat.giveUp(entry.id)}>
        {t("discard")}
      </button>
    </p>
  );
}
