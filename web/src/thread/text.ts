import { thread } from "~/i18n/en/thread";
import { translator } from "~/i18n/text";

/** The texts of a conversation. */
export const t = translator(thread);
