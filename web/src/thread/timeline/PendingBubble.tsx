import { CircleAlert, Clock3, CloudOff } from "lucide-react";
import { useConnection } from "~/api/realtime";
import type { Entry } from "~/outbox/entry";
import { useDrafts } from "~/drafts/context";
import { useOutbox } from "~/outbox/context";
import { t as core } from "~/i18n";
import { Button } from "~/ui/Button";
import { useThread } from "../context";
import { MessageText } from "../formatting/MessageText";
import { Choices } from "../message/kinds/Choices";
import { t } from "../text";

/** What the agent sent and the server does not have yet: it stays to be seen, and says what it waits for. */
export function PendingBubble({ entry }: { entry: Entry }) {
  const { channel } = useThread();
  if (entry.what.type === "retry") return null;
  const { body } = entry.what;
  const refused = entry.state === "refused";
  return (
    <div className="flex flex-col items-end px-4 pt-3">
      <div
        className={`max-w-[78%] min-w-0 rounded-bubble rounded-ee-[4px] bg-outgoing px-3 py-2 sm:max-w-128 ${refused ? "border border-bad" : "border border-dashed border-control"}`}
      >
        {body.file && <p className="font-medium">{t("pending.file", { name: body.file.name ?? "" })}</p>}
        {body.template && <p className="font-medium">{t("pending.template", { name: body.template.name })}</p>}
        {body.place && <p className="font-medium">{t("pending.place", { name: body.place.name ?? "" })}</p>}
        {body.card && <p className="font-medium">{t("pending.card", { name: body.card.name ?? "" })}</p>}
        {body.text && <MessageText text={body.text} marked={channel?.name === "whatsapp"} />}
        {body.choices && <Choices choices={body.choices} />}
      </div>
      <State entry={entry} />
    </div>
  );
}

function State({ entry }: { entry: Entry }) {
  const offline = useConnection() === "offline" || !navigator.onLine;
  switch (entry.state) {
    case "waiting":
      return (
        <Line icon={offline ? CloudOff : Clock3} text={t(offline ? "pending.offline" : "pending.waiting")}>
          <TakeBack entry={entry} />
        </Line>
      );
    case "sending":
    case "sent":
      return <Line icon={Clock3} text={t("pending.sending")} />;
    case "stale":
      return (
        <Line icon={CircleAlert} text={t("pending.stale")} tone="text-warn">
          <SendNow entry={entry} />
          <TakeBack entry={entry} />
        </Line>
      );
    case "refused":
      return (
        <Line icon={CircleAlert} text={entry.problem?.detail || t("pending.refused")} tone="text-bad">
          <TakeBack entry={entry} />
        </Line>
      );
  }
}

interface LineProps {
  icon: typeof Clock3;
  text: string;
  tone?: string;
  children?: React.ReactNode;
}

function Line({ icon: Icon, text, tone = "text-text-3", children }: LineProps) {
  return (
    <div className={`flex max-w-128 flex-wrap items-center justify-end gap-1.5 px-1 pt-0.5 text-meta ${tone}`}>
      <Icon aria-hidden size={14} />
      <span>{text}</span>
      {children}
    </div>
  );
}

function SendNow({ entry }: { entry: Entry }) {
  const outbox = useOutbox();
  return (
    <Button variant="quiet" onClick={() => outbox.retry(entry.key)}>
      {t("pending.sendNow")}
    </Button>
  );
}

/** Takes an entry out of the outbox; its text goes back into the editor, unless something is written there. */
function TakeBack({ entry }: { entry: Entry }) {
  const outbox = useOutbox();
  const drafts = useDrafts();
  const takeBack = () => {
    outbox.discard(entry.key);
    const text = entry.what.type === "message" ? entry.what.body.text : undefined;
    if (text && drafts.get(entry.conversation, "reply").text === "")
      drafts.restore(entry.conversation, "reply", { text });
  };
  return (
    <Button variant="quiet" onClick={takeBack}>
      {entry.what.type === "message" && entry.what.body.text ? t("pending.edit") : core("common.cancel")}
    </Button>
  );
}
