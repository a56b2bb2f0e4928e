import { clsx } from "clsx";
import type { Message } from "~/api/types";
import { fullTime } from "~/i18n/format";
import { Avatar } from "~/ui/Avatar";
import { Time } from "~/ui/Time";
import { useThread } from "../context";
import { contactName } from "~/i18n/names";
import { t } from "../text";
import { hasTrouble, type MessageRow } from "../timeline/rows";
import { Content } from "./kinds/Content";
import { MessageMenu } from "./MessageMenu";
import { QuoteLine } from "./QuoteLine";
import { Reactions } from "./Reactions";
import { Status } from "./Status";
import { Trouble } from "./Trouble";

interface MessageArticleProps {
  row: MessageRow;
  /** Our reaction that is on its way to this message; an empty one: it is being taken away. */
  reacting?: string;
  retrying?: boolean;
}

/** One message, or one album, as a bubble with everything that is known about it. */
export function MessageArticle({ row, reacting, retrying = false }: MessageArticleProps) {
  const { message, first, last } = row;
  const ours = message.direction === "out";
  const { conversation } = useThread();
  const who = writerName(message, contactName(conversation.contact));
  return (
    <div className={clsx("group/message flex gap-2 px-4", ours && "flex-row-reverse", first ? "pt-3" : "pt-0.5")}>
      {!ours && <div className="w-8 shrink-0 self-end">{last && <Avatar name={who} />}</div>}
      <div className={clsx("flex min-w-0 max-w-[78%] flex-col sm:max-w-128", ours ? "items-end" : "items-start")}>
        {first && (
          <p className="px-1 text-meta text-text-3">
            {who}
            {message.history && <span> · {t("message.history")}</span>}
          </p>
        )}
        <div className={clsx("flex max-w-full items-center gap-1", ours && "flex-row-reverse")}>
          <Bubble row={row} />
          <MessageMenu message={message} />
        </div>
        {(message.reactions.length > 0 || reacting) && (
          <div className="mt-0.5 flex gap-1">
            <Reactions message={message} />
            {reacting && <span className="text-chip opacity-60">{t("reactions.sending", { emoji: reacting })}</span>}
          </div>
        )}
        {(last || message.edited_at) && <Meta message={message} />}
        {hasTrouble(message) && !message.deleted_at && <Trouble message={message} retrying={retrying} />}
      </div>
    </div>
  );
}

function Bubble({ row: { message, album, last } }: { row: MessageRow }) {
  const { channel } = useThread();
  const ours = message.direction === "out";
  if (message.deleted_at) return <Tombstone ours={ours} at={message.deleted_at} />;
  return (
    <div
      className={clsx(
        "min-w-0 rounded-bubble px-3 py-2",
        ours ? "bg-outgoing" : "bg-raised",
        last && (ours ? "rounded-ee-[4px]" : "rounded-es-[4px]"),
        message.status === "failed" && "border border-bad",
        message.status === "unknown" && "border border-dashed border-warn",
      )}
    >
      {message.reply_to && <QuoteLine quote={message.reply_to} part={message.content.quote} />}
      <Content message={message} album={album} marked={channel?.name === "whatsapp"} />
    </div>
  );
}

/** What was taken back is gone; that something was there stays to be seen. */
function Tombstone({ ours, at }: { ours: boolean; at: string }) {
  return (
    <p title={fullTime(at)} className="rounded-bubble border border-dashed border-control px-3 py-2 text-text-3 italic">
      {t(ours ? "message.deletedByUs" : "message.deletedByThem")}
    </p>
  );
}

function Meta({ message }: { message: Message }) {
  return (
    <div className="flex items-center gap-1.5 px-1 text-meta text-text-3">
      {message.edited_at && !message.deleted_at && <Edited message={message} />}
      <Time at={message.at} as="clock" />
      {message.status && message.direction === "out" && <Status status={message.status} />}
    </div>
  );
}

/** That a message was changed, and how it read before. */
function Edited({ message }: { message: Message }) {
  if (message.original_text === null || message.original_text === message.text)
    return <span>{t("message.edited")}</span>;
  return (
    <details className="max-w-80">
      <summary title={message.edited_at ? fullTime(message.edited_at) : undefined}>{t("message.edited")}</summary>
      <p className="break-words whitespace-pre-wrap">
        <span className="font-medium">{t("message.before")}</span> {message.original_text || t("message.noText")}
      </p>
    </details>
  );
}

/** Who wrote a message. customer: what the conversation's customer is called. */
export function writerName(message: Message, customer: string): string {
  if (message.direction === "out") return message.author?.name || t("message.us");
  return message.group_sender || message.author?.name || customer;
}
