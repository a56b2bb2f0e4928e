import { simulator } from "~/i18n/en/simulator";
import { translator } from "~/i18n/text";

/** The texts of the simulator. */
export const t = translator(simulator);
