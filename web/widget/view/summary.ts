import type { Text } from "~/i18n/text";
import type { Message } from "../chat/protocol";
import type { en } from "../i18n/en";

/** A message in one line: for quotes, and for readers. */
export function summaryOf({ text, choice, file, place, card, deleted }: Message, t: Text<typeof en>): string {
  if (deleted) return t("deleted");
  if (text) return text;
  if (choice) return choice.title;
  if (file) return file.mime.startsWith("image/") ? t("picture") : (file.name ?? t("file"));
  if (place) return place.name ?? t("place");
  return card?.name ?? "";
}
