import { core } from "./en/core";
import { translator } from "./text";

/** The texts that are needed at first load. A lazily loaded room makes its own t beside its components. */
export const t = translator(core);
