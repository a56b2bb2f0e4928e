import { dayName } from "~/i18n/format";
import { asksEmail } from "../chat/state";
import { EmailCard } from "./EmailCard";
import { MessageItem } from "./MessageItem";
import { rowsOf } from "./rows";
import { Scroll } from "./Scroll";
import type { Viewed } from "./view";
import { Welcome } from "./Welcome";

export function Messages({ view }: Viewed) {
  const { chat, state, t, language, now } = view;
  const { messages, entries, older, writing } = state;
  const rows = rowsOf(messages, entries);
  return (
    <Scroll
      name={t("messages")}
      toEnd={t("newest")}
      first={rows[0]?.key}
      older={older === "more" ? () => void chat.loadOlder() : undefined}
    >
      {older === "loading" && <p class="day">{t("older")}</p>}
      {older === "none" && <Welcome view={view} />}
      <ol>
        {rows.map((row) =>
          row.type === "message" ? (
            <MessageItem {...row} key={row.key} view={view} />
          ) : (
            <li key={row.key} class="day">
              <time dateTime={row.at}>{dayName(row.at, now, language)}</time>
            </li>
          ),
        )}
      </ol>
      {asksEmail(state) && <EmailCard view={view} />}
      {writing && (
        <p class="writing">
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {t("typing", { name: writing.name ?? t("agent") })}
        </p>
      )}
    </Scroll>
  );
}
