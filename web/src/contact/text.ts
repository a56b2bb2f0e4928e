import { contact } from "~/i18n/en/contact";
import { translator } from "~/i18n/text";

/** The texts about contacts. */
export const t = translator(contact);
