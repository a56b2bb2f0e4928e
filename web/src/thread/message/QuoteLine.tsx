import type { Message, Quote } from "~/api/types";
import { useThread } from "../context";
import { kindName } from "../files/FileNotice";
import { contactName } from "~/i18n/names";
import { t } from "../text";

/** What a message answers, in two lines; pressing it goes there. */
export function QuoteLine({ quote, part }: { quote: Quote; part?: string }) {
  const { jumpTo, conversation } = useThread();
  const { id } = quote;
  const words = part || quote.text || (quote.type ? kindName(quote.type) : t("quote.gone"));
  const who =
    quote.direction === "out" ? (quote.author ?? t("message.us")) : (quote.author ?? contactName(conversation.contact));
  const inner = (
    <>
      <span className="block text-meta font-medium text-text-2">{who}</span>
      <span dir="auto" className="line-clamp-2 text-chip text-text-2">
        {words}
      </span>
    </>
  );
  const look = "mb-1 block w-full border-s-2 border-accent bg-bg ps-2 pe-2 py-0.5 text-start rounded-e-sm";
  // Without the original there is nowhere to go.
  if (!id)
    return (
      <div className={look}>
        {quote.type || quote.text ? inner : <span className="text-chip">{t("quote.gone")}</span>}
      </div>
    );
  return (
    <button
      type="button"
      className={look}
      aria-label={t("quote.open", { who, text: words })}
      onClick={() => jumpTo(id)}
    >
      {inner}
    </button>
  );
}

/** A message in a few words: for quotes, announcements and names. */
export function summaryOf(message: Message): string {
  if (message.deleted_at) return t("message.deleted");
  if (message.text) return message.text;
  const [attachment] = message.attachments;
  if (attachment) return attachment.title || attachment.name || kindName(attachment.kind);
  return message.content.choice?.title || kindName(message.type);
}
