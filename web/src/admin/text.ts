import { admin } from "~/i18n/en/admin";
import { translator } from "~/i18n/text";

/** The texts of the administration. */
export const t = translator(admin);
