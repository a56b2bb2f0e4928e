const overlays = '[role="dialog"], [role="alertdialog"], [role="menu"]';

// What had the focus last in the page itself: a menu that opens a dialog is gone when the dialog closes.
let last: HTMLElement | null = null;

addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && !target.closest(overlays)) last = target;
});

/** For onCloseAutoFocus of a dialog that no trigger opened, but a key or a menu: the focus goes back to where it was. */
export function returnFocus(event: Event) {
  if (!last?.isConnected) return;
  event.preventDefault();
  last.focus();
}
