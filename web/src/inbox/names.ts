import type { Conversation } from "~/api/types";
import { t } from "~/i18n";

/** How a conversation is called: its group's title, else who it is with, as far as anybody knows. */
export function contactName({ title, contact }: Pick<Conversation, "title" | "contact">): string {
  return title || contact?.name || contact?.username || contact?.phone || t("common.unknown");
}
