import type { Text } from "~/i18n/text";
import type { Chat } from "../chat/chat";
import type { Composition } from "../chat/composition";
import type { Draft } from "../chat/draft";
import type { ChatState } from "../chat/state";
import type { en } from "../i18n/en";
import type { Screen } from "./screen";

/**
 * What every part of the page gets: the chat as it is now, and how to say it. Whatever changes, everything is painted anew from here; no part has
 * a state of its own.
 */
export interface View {
  chat: Chat;
  state: ChatState;
  composition: Composition;
  draft: Draft;
  t: Text<typeof en>;
  language: string;
  direction: "ltr" | "rtl";
  logo?: string;
  now: number;
  screen: Screen;
  /** show paints anew with what changed on the screen. */
  show(change: Partial<Screen>): void;
  /** What a reader is told: it changes with every announcement. */
  announced: string;
  open(open: boolean): void;
}

export interface Viewed {
  view: View;
}
