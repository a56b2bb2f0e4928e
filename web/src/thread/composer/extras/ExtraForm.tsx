import type { FormEvent, ReactNode } from "react";
import type { NewMessage } from "~/api/types";
import { t as core } from "~/i18n";
import { Button } from "~/ui/Button";
import { t } from "../text";

interface ExtraFormProps {
  /** The message as it is entered; null: something is missing or wrong. */
  body: NewMessage | null;
  onSend(body: NewMessage): void;
  onCancel(): void;
  children: ReactNode;
}

/** What the three forms have in common: their fields below each other, and the way to the customer. */
export function ExtraForm({ body, onSend, onCancel, children }: ExtraFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body) onSend(body);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {children}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{core("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={body === null}>
          {t("reply.send")}
        </Button>
      </div>
    </form>
  );
}
