import type { Contact } from "~/api/types";
import { EditableField, type FieldName } from "./EditableField";
import { Section } from "./Section";
import { CopyButton } from "./CopyButton";
import { t } from "./text";

const fields: FieldName[] = ["name", "phone", "email", "language", "about"];

/** What the platforms show of the customer, with what agents know better in its place. */
export function ContactFields({ contact }: { contact: Contact }) {
  return (
    <Section title={t("panel.label")}>
      <dl className="flex flex-col gap-1">
        {fields.map((field) => (
          <EditableField key={`${contact.id} ${field}`} contact={contact} field={field} />
        ))}
        {contact.username && (
          <div className="flex min-h-8 items-center gap-2">
            <dt className="w-16 shrink-0 text-chip text-text-3">{t("field.username")}</dt>
            <dd className="flex min-w-0 flex-1 items-center gap-2">
              <span className="min-w-0 flex-1 break-words">@{contact.username}</span>
              <CopyButton value={contact.username} label={t("field.copy", { field: t("field.username") })} />
            </dd>
          </div>
        )}
      </dl>
    </Section>
  );
}
