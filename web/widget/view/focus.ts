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

/** focusNew brings the focus to what has just appeared. */
export function focusNew(element: HTMLElement, isNew: boolean): void {
  if (isNew) element.focus();
}
