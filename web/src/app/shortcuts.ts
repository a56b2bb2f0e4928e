import { useEffect, useRef } from "react";
import { rememberedPreferences } from "./preferences";

/** Return false to leave the key to others. */
type Handler = (event: KeyboardEvent) => void | boolean;

/** Keys as "j", "shift+u", "mod+k", "?" or "g i" for two after each other. */
export type Shortcuts = Record<string, Handler>;

const layers: { current: Shortcuts }[] = [];
// How long the first of two keys waits for the second.
const sequencePause = 1_000;
let first: { key: string; at: number } | null = null;

/** Takes keys while the component is mounted; the one mounted last comes first. Give undefined for none. */
export function useShortcuts(shortcuts: Shortcuts | undefined): void {
  const layer = useRef<Shortcuts>({});
  useEffect(() => {
    layer.current = shortcuts ?? {};
  });
  useEffect(() => {
    if (layers.length === 0) addEventListener("keydown", onKeyDown);
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  const key = keyOf(event);
  if (key === null || !isFree(event, key)) return;
  const sequence = first && Date.now() - first.at < sequencePause ? `${first.key} ${key}` : null;
  first = null;
  if ((sequence && handled(sequence, event)) || handled(key, event)) return;
  if (layers.some((layer) => Object.keys(layer.current).some((each) => each.startsWith(`${key} `))))
    first = { key, at: Date.now() };
}

function handled(key: string, event: KeyboardEvent): boolean {
  for (const layer of layers.toReversed()) {
    const handler = layer.current[key];
    if (!handler || handler(event) === false) continue;
    event.preventDefault();
    return true;
  }
  return false;
}

// Alt belongs to the keyboard's own letters: ą, ę, ó are typed with it.
function keyOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string | null {
  if (altKey) return null;
  const name = key.length === 1 ? key.toLowerCase() : key;
  const isLetter = /^\p{L}$/u.test(name);
  return (ctrlKey || metaKey ? "mod+" : "") + (shiftKey && (isLetter || key.length > 1) ? "shift+" : "") + name;
}

// Where somebody types or a dialog asks something, single keys are theirs.
function isFree(event: KeyboardEvent, key: string): boolean {
  if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')) return false;
  if (key.startsWith("mod+") || /^(shift\+)?F\d+$/.test(key)) return true;
  if (!rememberedPreferences().keyboard) return false;
  const target = event.target instanceof HTMLElement ? event.target : null;
  return !target?.closest('input:not([type="checkbox"]), textarea, select, [contenteditable="true"]');
}

const isMac = /Mac|iP(hone|ad|od)/.test(navigator.userAgent);

/** A shortcut as people read it: mod+k is ⌘K or Ctrl+K. */
export function shownKeys(shortcut: string): string[] {
  return shortcut.split(/[+ ]/).map((key) => {
    if (key === "mod") return isMac ? "⌘" : "Ctrl";
    if (key === "shift") return "⇧";
    return key.length === 1 ? key.toUpperCase() : key;
  });
}
