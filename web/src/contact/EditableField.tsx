import { useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { updateContact } from "~/api/operations";
import { Problem } from "~/api/problem";
import type { Contact, ContactDetail } from "~/api/types";
import { t as core } from "~/i18n";
import { Button } from "~/ui/Button";
import { TextArea, TextField } from "~/ui/Field";
import { IconButton } from "~/ui/IconButton";
import { useToasts } from "~/ui/toasts";
import { CopyButton } from "./CopyButton";
import { t } from "./text";

export type FieldName = "name" | "phone" | "email" | "language" | "about";

/** One fact about a customer, changed where it stands. */
export function EditableField({ contact, field }: { contact: Contact; field: FieldName }) {
  const [editing, setEditing] = useState(false);
  const label = t(`field.${field}`);
  const value = contact[field];
  if (editing) {
    return (
      <div>
        <dt className="sr-only">{label}</dt>
        <dd>
          <FieldForm contact={contact} field={field} onClose={() => setEditing(false)} />
        </dd>
      </div>
    );
  }
  return (
    <div className="flex min-h-8 items-center gap-2">
      <dt className="w-16 shrink-0 text-chip text-text-3">{label}</dt>
      <dd className="flex min-w-0 flex-1 items-center gap-2">
        <span dir="auto" className="min-w-0 flex-1 break-words whitespace-pre-wrap">
          {value || <span className="text-text-3">{core("common.none")}</span>}
          {contact.edited.includes(field) && <span className="block text-meta text-text-3">{t("field.edited")}</span>}
        </span>
        {value && (field === "phone" || field === "email") && (
          <CopyButton value={value} label={t("field.copy", { field: label })} />
        )}
        <IconButton
          icon={value ? Pencil : Plus}
          label={t(value ? "field.edit" : "field.add", { field: label })}
          onClick={() => setEditing(true)}
          className="size-6"
        />
      </dd>
    </div>
  );
}

interface FieldFormProps {
  contact: Contact;
  field: FieldName;
  onClose(): void;
}

function FieldForm({ contact, field, onClose }: FieldFormProps) {
  const [value, setValue] = useState(contact[field] ?? "");
  const { save, busy, error } = useSave(contact, field, onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(value.trim() || null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    onClose();
  };
  const control = {
    label: t(`field.${field}`),
    value,
    error,
    // The agent asked to edit: that is where they want to be.
    autoFocus: true,
  };
  return (
    // Esc in any of its fields gives the form up.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form className="flex flex-col gap-2 py-1" onSubmit={submit} onKeyDown={onKeyDown}>
      {field === "about" ? (
        <TextArea {...control} onChange={(event) => setValue(event.target.value)} />
      ) : (
        <TextField {...control} type={types[field]} onChange={(event) => setValue(event.target.value)} />
      )}
      <div className="flex flex-wrap justify-end gap-2">
        {contact.edited.includes(field) && (
          <Button variant="quiet" disabled={busy} onClick={() => void save(null)}>
            {t("field.reset")}
          </Button>
        )}
        <Button onClick={onClose}>{core("common.cancel")}</Button>
        <Button type="submit" variant="primary" busy={busy}>
          {core("common.save")}
        </Button>
      </div>
    </form>
  );
}

// The server says what is wrong with an address: the browser's own bubble would stand beside it.
const types: Record<FieldName, string> = { name: "text", phone: "tel", email: "text", language: "text", about: "text" };

/** Saves one field; null gives it back to the platform. What the server refuses is said at the field. */
function useSave(contact: Contact, field: FieldName, done: () => void) {
  const api = useApi();
  const client = useQueryClient();
  const { failure } = useToasts();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const save = async (value: string | null) => {
    setBusy(true);
    try {
      const changed = await updateContact(api, contact.id, { [field]: value });
      client.setQueryData<ContactDetail>(keys.contact(contact.id), (known) => known && { ...known, ...changed });
      done();
    } catch (problem) {
      setBusy(false);
      const about = problem instanceof Problem ? problem.field(field) : undefined;
      if (about) setError(about);
      else failure(problem, t("field.failed", { field: t(`field.${field}`) }));
    }
  };
  return { save, busy, error };
}
