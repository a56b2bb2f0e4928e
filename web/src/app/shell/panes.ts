const focusable = 'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex="0"]';

/** Moves the focus to the next pane that is shown: elements marked with data-pane, which may lie in each other. */
export function focusNextPane(step: 1 | -1): boolean {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(isShown);
  const here = document.activeElement?.closest<HTMLElement>("[data-pane]");
  const at = here ? panes.indexOf(here) : -1;
  const start = at < 0 && step < 0 ? panes.length : at;
  for (let distance = 1; distance <= panes.length; distance++) {
    const pane = panes.at((start + step * distance) % panes.length);
    if (pane && pane !== here && enterPane(pane)) return true;
  }
  return false;
}

/** Gives the pane the focus: where it names its entry with data-pane-entry, else at its first control. */
export function enterPane(pane: HTMLElement): boolean {
  const entries = ["[data-pane-entry] [tabindex='0']", "[data-pane-entry]", focusable];
  return entries
    .flatMap((entry) => [...pane.querySelectorAll<HTMLElement>(entry)])
    .filter((element) => element.closest("[data-pane]") === pane && isShown(element))
    .some((element) => {
      element.focus();
      return document.activeElement === element;
    });
}

const isShown = (element: HTMLElement) => element.getClientRects().length > 0;
