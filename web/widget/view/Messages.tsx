import { dayName } from "~/i18n/format";
import { asksEmail } from "../chat/state";
import { EmailCard } from "./EmailCard";
import { MessageItem } from "./MessageItem";
import { IconButton } from "./Icon";
import { rowsOf } from "./rows";
import { scrolled, settle, toEnd } from "./scroll";
import type { Viewed } from "./view";
import { Welcome } from "./Welcome";

export function Messages({ view }: Viewed) {
  const { state, screen, t, language, now } = view;
  const { messages, entries, older, writing } = state;
  const rows = rowsOf(messages, entries);
  return (
    <div class="middle">
      <div
        class="scroll"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys
        tabIndex={0}
        role="group"
        aria-label={t("messages")}
        after={(box: HTMLElement) => settle(box, view, rows[0]?.key)}
        onScroll={(event) => scrolled(event.currentTarget as HTMLElement, view)}
      >
        {older === "loading" && <p class="day">{t("older")}</p>}
        {older === "none" && <Welcome view={view} />}
        <ol>
          {rows.map((row) =>
            row.type === "message" ? (
              <MessageItem key={row.key} view={view} message={row.message} first={row.first} last={row.last} />
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
      </div>
      {screen.away && <IconButton class="newest" icon="arrow" size={18} name={t("newest")} onClick={toEnd} />}
    </div>
  );
}
