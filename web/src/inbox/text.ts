import { inbox } from "~/i18n/en/inbox";
import { translator } from "~/i18n/text";

export const t = translator(inbox);
