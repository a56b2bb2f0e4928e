import { useState } from "react";
import { useApi } from "~/api/context";
import { eraseContact } from "~/api/operations";
import type { Contact } from "~/api/types";
import { contactName } from "~/i18n/names";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { useToasts } from "~/ui/toasts";
import { ErasureReceipt } from "./ErasureReceipt";
import { t } from "./text";

interface EraseDialogProps {
  contact: Contact;
  onClose(): void;
}

/** Forgets a contact, once a word was typed that nobody types by accident; then shows the receipt. */
export default function EraseDialog({ contact, onClose }: EraseDialogProps) {
  const api = useApi();
  const { failure } = useToasts();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [erasure, setErasure] = useState<string | null>(null);
  const erase = async () => {
    setBusy(true);
    try {
      setErasure((await eraseContact(api, contact.id, reason.trim())).id);
    } catch (error) {
      failure(error, t("erase.failed"));
    }
    setBusy(false);
  };
  const ready = reason.trim() !== "" && typed.trim().toLowerCase() === t("erase.word");
  const footer = erasure ? (
    <Button onClick={onClose}>{t("erase.close")}</Button>
  ) : (
    <Button variant="danger" busy={busy} disabled={!ready} onClick={() => void erase()}>
      {t("erase.confirm")}
    </Button>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("erase.title")} footer={footer}>
      {erasure ? (
        <ErasureReceipt id={erasure} />
      ) : (
        <div className="flex flex-col gap-3">
          <p>{t("erase.warning", { name: contactName(contact) })}</p>
          <p className="text-text-2">{t("erase.outside")}</p>
          <Field label={t("erase.reason")} value={reason} onChange={setReason} />
          <Field label={t("erase.type", { word: t("erase.word") })} value={typed} onChange={setTyped} />
        </div>
      )}
    </Dialog>
  );
}

function Field({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  return (
    <label className="flex flex-col gap-1">
      <span className="text-text-2">{label}</span>
      <input className="field" value={value} maxLength={500} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}
