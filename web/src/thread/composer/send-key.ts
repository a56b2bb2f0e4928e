import type { KeyboardEvent } from "react";
import type { Preferences } from "~/app/preferences";

/** The key code that browsers report while an input method has the keys. */
const COMPOSING = 229;

type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "keyCode"> & {
  nativeEvent: { isComposing: boolean };
};

/**
 * Whether a key sends. Enter that confirms the text of an input method never does: Safari ends the composition before it tells of the key, and
 * shows by the key code alone that it was part of it.
 */
export function sends(event: Key, sendKey: Preferences["sendKey"]): boolean {
  if (event.key !== "Enter" || event.nativeEvent.isComposing || event.keyCode === COMPOSING) return false;
  if (event.shiftKey || event.altKey) return false;
  const withModifier = event.ctrlKey || event.metaKey;
  return sendKey === "enter" || withModifier;
}
