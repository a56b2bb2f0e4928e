import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { mergeContact } from "~/api/operations";
import type { Contact } from "~/api/types";
import { contactName } from "~/i18n/names";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { useToasts } from "~/ui/toasts";
import { t } from "./text";
import { useContacts } from "./use-contacts";

interface MergeDialogProps {
  /** The one that stays. */
  contact: Contact;
  onClose(): void;
}

/** Makes one contact of two: finds the other, and shows what will be before it is. */
export default function MergeDialog({ contact, onClose }: MergeDialogProps) {
  const api = useApi();
  const client = useQueryClient();
  const { failure, show } = useToasts();
  const [other, setOther] = useState<Contact | null>(null);
  const [busy, setBusy] = useState(false);
  const merge = async (gone: Contact) => {
    setBusy(true);
    try {
      await mergeContact(api, contact.id, gone.id);
      void client.invalidateQueries({ queryKey: keys.contact(contact.id) });
      void client.invalidateQueries({ queryKey: keys.allContacts });
      show({ text: t("merge.done", { other: contactName(gone), name: contactName(contact) }) });
      onClose();
    } catch (error) {
      failure(error, t("merge.failed"));
      setBusy(false);
    }
  };
  const footer = other && (
    <>
      <Button onClick={() => setOther(null)}>{t("merge.back")}</Button>
      <Button variant="danger" busy={busy} onClick={() => void merge(other)}>
        {t("merge.confirm", { other: contactName(other), name: contactName(contact) })}
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("merge.title")} footer={footer}>
      {other ? <Preview contact={contact} other={other} /> : <FindOther not={contact.id} onPick={setOther} />}
    </Dialog>
  );
}

function FindOther({ not, onPick }: { not: string; onPick(contact: Contact): void }) {
  const [query, setQuery] = useState("");
  const { data } = useContacts(query);
  const found = (data?.pages[0]?.items ?? []).filter(({ id }) => id !== not);
  return (
    <div className="flex flex-col gap-2">
      <input
        type="search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        aria-label={t("merge.find")}
        placeholder={t("merge.find")}
        className="field"
      />
      {data && found.length === 0 && <p className="p-2 text-text-2">{t("merge.none")}</p>}
      <ul className="max-h-72 overflow-y-auto">
        {found.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              onClick={() => onPick(each)}
              className="flex w-full items-center gap-2 rounded-control px-2 py-1.5 text-start hover:bg-raised"
            >
              <Avatar name={contactName(each)} size={24} />
              <span className="min-w-0 flex-1 truncate">{contactName(each)}</span>
              <span className="text-chip text-text-3">{each.phone ?? each.email ?? ""}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

const compared = ["name", "phone", "email", "language", "about"] as const;

function Preview({ contact, other }: { contact: Contact; other: Contact }) {
  return (
    <div className="flex flex-col gap-3">
      <p>{t("merge.survives", { name: contactName(contact) })}</p>
      <p>{t("merge.goes", { name: contactName(other) })}</p>
      <section
        aria-label={t("merge.preview", { name: contactName(contact) })}
        className="rounded-control border border-line p-3"
      >
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {compared.map((field) => (
            <div key={field} className="contents">
              <dt className="text-text-3">{t(`field.${field}`)}</dt>
              <dd className="break-words">{contact[field] || other[field]}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
