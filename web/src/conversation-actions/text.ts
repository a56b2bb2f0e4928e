import { actions } from "~/i18n/en/actions";
import { translator } from "~/i18n/text";

export const t = translator(actions);
