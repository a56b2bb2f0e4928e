/** Whether the page's focus is in the chat, or nowhere. */
export function isFocusWithin(node: Node | null): boolean {
  const root = node?.getRootNode();
  if (!(root instanceof ShadowRoot)) return false;
  return (
    root.activeElement !== null || document.activeElement === document.body || document.activeElement === root.host
  );
}

const stops = "a[href], button:not(:disabled), textarea, input, audio, video, [tabindex='0']";

/** keepWithin lets Tab go around in a box that covers the page. */
export function keepWithin(box: HTMLElement, event: KeyboardEvent): void {
  const all = [...box.querySelectorAll<HTMLElement>(stops)];
  const root = box.getRootNode();
  const current = root instanceof ShadowRoot ? root.activeElement : null;
  const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
  if (current !== from && current !== box) return;
  event.preventDefault();
  to?.focus();
}
