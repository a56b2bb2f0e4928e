import { shell } from "~/i18n/en/shell";
import { translator } from "~/i18n/text";

export const t = translator(shell);
