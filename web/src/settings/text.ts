import { settings } from "~/i18n/en/settings";
import { translator } from "~/i18n/text";

/** The texts of the settings. */
export const t = translator(settings);
