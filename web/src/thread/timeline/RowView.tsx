import { useThread } from "../context";
import { clockTime, dayName, fullTime } from "~/i18n/format";
import { useNow } from "~/i18n/clock";
import { useEntries } from "~/outbox/context";
import { MessageArticle, writerName } from "../message/MessageArticle";
import { summaryOf } from "../message/QuoteLine";
import { t } from "../text";
import { ActivityLine } from "./ActivityLine";
import { NoteBubble } from "./NoteBubble";
import { PendingBubble } from "./PendingBubble";
import type { MessageRow, Row } from "./rows";

export function RowView({ row }: { row: Row }) {
  switch (row.type) {
    case "day":
      return <Day at={row.at} />;
    case "unread":
      return <Unread count={row.count} />;
    case "message":
      return <MessageLine row={row} />;
    case "note":
      return <NoteBubble note={row.note} />;
    case "activity":
      return <ActivityLine activities={row.activities} />;
    case "pending":
      return <PendingBubble entry={row.entry} />;
  }
}

/** A message with what is on its way to it: a second try, a reaction. */
function MessageLine({ row }: { row: MessageRow }) {
  const { conversation } = useThread();
  const underWay = useEntries(conversation.id).filter(
    (entry) => entry.state === "waiting" || entry.state === "sending",
  );
  const retrying = underWay.some(({ what }) => what.type === "retry" && what.message === row.message.id);
  const reaction = underWay.findLast(
    ({ what }) => what.type === "message" && what.body.reaction && what.body.reply_to === row.message.id,
  );
  const reacting = reaction?.what.type === "message" ? reaction.what.body.reaction?.emoji : undefined;
  return <MessageArticle row={row} retrying={retrying} reacting={reacting} />;
}

function Day({ at }: { at: string }) {
  const now = useNow();
  return (
    <div className="flex items-center gap-3 px-4 py-2 text-meta text-text-3">
      <span aria-hidden className="h-px flex-1 bg-line" />
      <time dateTime={at.slice(0, 10)} title={fullTime(at)}>
        {dayName(at, now)}
      </time>
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  );
}

function Unread({ count }: { count: number }) {
  return (
    <div className="flex items-center gap-3 px-4 py-2 text-meta font-medium text-accent">
      <span aria-hidden className="h-px flex-1 bg-accent" />
      {t("timeline.unread", { n: count })}
      <span aria-hidden className="h-px flex-1 bg-accent" />
    </div>
  );
}

/** The longest part of a message that names its article: the whole of it is read inside. */
const NAMED = 80;

/** The accessible name of a row: who wrote, when, what, and what became of it. */
export function rowName(row: Exclude<Row, { type: "day" | "unread" }>, customer: string): string {
  switch (row.type) {
    case "message": {
      const { message } = row;
      const words = {
        who: writerName(message, customer),
        at: clockTime(message.at),
        text: summaryOf(message).slice(0, NAMED),
      };
      if (!message.status || message.direction === "in") return t("message.name", words);
      return t("message.nameStatus", { ...words, status: t(`status.${message.status}`) });
    }
    case "note":
      return t("note.name", {
        name: row.note.author.name,
        at: clockTime(row.note.at),
        text: row.note.text.slice(0, NAMED),
      });
    case "activity":
      return t("activity.name", { n: row.activities.length, at: clockTime(row.at) });
    case "pending":
      return t("pending.name");
  }
}
