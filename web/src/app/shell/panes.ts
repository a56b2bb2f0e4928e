const focusable = 'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex="0"]';

/** Moves the focus to the next pane that is shown: elements marked with data-pane. */
export function focusNextPane(step: 1 | -1): boolean {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter((pane) => pane.offsetWidth > 0);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  for (let distance = 1; distance <= panes.length; distance++) {
    const pane = panes[(at + step * distance + panes.length * 2) % panes.length];
    const target = pane && entryOf(pane);
    if (!target) continue;
    target.focus();
    return true;
  }
  return false;
}

// Where a pane was left by keys, or its first control: a pane may name the place with data-pane-entry.
function entryOf(pane: HTMLElement): HTMLElement | null {
  return (
    pane.querySelector<HTMLElement>("[data-pane-entry], [data-pane-entry] [tabindex='0']") ??
    pane.querySelector<HTMLElement>(focusable)
  );
}
