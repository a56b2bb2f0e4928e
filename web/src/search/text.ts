import { search } from "~/i18n/en/search";
import { translator } from "~/i18n/text";

/** The texts of the search. */
export const t = translator(search);
