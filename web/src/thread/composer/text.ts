import { composer } from "~/i18n/en/composer";
import { translator } from "~/i18n/text";

/** The texts of the composer. */
export const t = translator(composer);
