import { Body } from "./Body";
import { ChoiceButtons } from "./ChoiceButtons";
import { IconButton } from "./Icon";
import { Meta } from "./Meta";
import { QuoteLine } from "./QuoteLine";
import type { Shown } from "./rows";
import type { View, Viewed } from "./view";

interface MessageItemProps extends Viewed {
  message: Shown;
  first: boolean;
  last: boolean;
}

export function MessageItem({ view, message, first, last }: MessageItemProps) {
  const { t, composition } = view;
  const { id, from, reply_to, deleted, entry } = message;
  const mine = from === "visitor";
  const quote = (event: Event) => {
    composition.quote(id);
    (event.currentTarget as Element).closest(".conversation")?.querySelector("textarea")?.focus();
  };
  const name = mine ? t("you") : message.name || t("agent");
  return (
    <li class={`item ${from}`} data-id={id} data-first={first} data-last={last}>
      {!mine && (
        <span class="avatar" aria-hidden="true">
          {last && [...name][0]?.toUpperCase()}
        </span>
      )}
      <div class="stack">
        {first && !mine && (
          <span class="name" aria-hidden="true">
            {name}
          </span>
        )}
        <div class="line">
          <div class="bubble" data-look={lookOf(message)}>
            <span class="unseen">{t("said", { name })} </span>
            {reply_to && !deleted && <QuoteLine view={view} id={reply_to} />}
            <Body view={view} message={message} />
          </div>
          {!entry && !deleted && <IconButton class="answer" icon="reply" size={16} name={t("reply")} onClick={quote} />}
        </div>
        {offers(message, view) && <ChoiceButtons view={view} choices={message.choices ?? []} reply_to={id} />}
        <Meta view={view} message={message} last={last} />
      </div>
    </li>
  );
}

/** Pictures and the like have no padding around them. */
function lookOf({ file, text, deleted }: Shown): string {
  if (deleted) return "deleted";
  if (!file?.url || !/^(image|video)\//.test(file.mime)) return "text";
  return text ? "captioned" : "picture";
}

/** A choice is made from the newest message only: what was said after it has answered it. */
const offers = ({ id, deleted, choices }: Shown, { state }: View): boolean =>
  !deleted && Boolean(choices?.length) && state.messages.at(-1)?.id === id && state.entries.length === 0;
