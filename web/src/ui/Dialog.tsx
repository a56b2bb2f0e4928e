import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { t } from "~/i18n";
import { Button } from "./Button";
import { IconButton } from "./IconButton";
import { returnFocus } from "./return-focus";

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  wide?: boolean;
}

export function Dialog({ open, onOpenChange, title, description, children, footer, wide = false }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={focusFirst}
          onCloseAutoFocus={returnFocus}
          className={`fixed top-1/2 left-1/2 z-40 flex max-h-[90dvh] w-[calc(100vw-24px)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-bubble bg-surface shadow-overlay outline-none ${wide ? "max-w-3xl" : "max-w-lg"}`}
        >
          <header className="flex items-start justify-between gap-4 border-b border-line px-4 py-3">
            <div>
              <Radix.Title className="text-title font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="text-text-2">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton icon={X} label={t("common.close")} />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const controls = "input, select, textarea, button, a[href], [tabindex='0']";

// The first thing to do, not the way out: the close button comes first in the page, and its tooltip would lie over the dialog.
function focusFirst(event: Event) {
  const dialog = event.currentTarget;
  if (!(dialog instanceof HTMLElement)) return;
  event.preventDefault();
  const first = dialog.querySelector<HTMLElement>(`:scope > :not(header) :is(${controls}):not(:disabled)`);
  (first ?? dialog).focus();
}

interface ConfirmProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  body: ReactNode;
  /** Names what it does and to what: "Delete label refund". */
  action: string;
  danger?: boolean;
  /** The dialog stays, busy, until it is through, and stays open if it fails. */
  onConfirm(): Promise<unknown> | void;
}

export function ConfirmDialog({ open, onOpenChange, title, body, action, danger = false, onConfirm }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch {
      // Whoever does it tells the agent what went wrong; the question stays.
    } finally {
      setBusy(false);
    }
  };
  const footer = (
    <>
      <Button onClick={() => onOpenChange(false)}>{t("common.cancel")}</Button>
      <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={confirm}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} footer={footer}>
      {body}
    </Dialog>
  );
}
