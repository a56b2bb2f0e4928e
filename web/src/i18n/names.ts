import type { ContactName, Conversation } from "~/api/types";
import { t } from ".";

/** What to call a customer: by name, else by what the platform shows of them. */
export const contactName = (contact: Pick<ContactName, "name" | "username" | "phone"> | null): string =>
  contact?.name || contact?.username || contact?.phone || t("common.unknown");

/** What to call a conversation: a group by its title, if it has one, else its customer. */
export const conversationName = ({ title, contact }: Pick<Conversation, "title" | "contact">): string =>
  title || (contact ? contactName(contact) : t("common.group"));
