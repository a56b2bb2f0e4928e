import { useState } from "react";
import type { NewMessage } from "~/api/types";
import { TextField } from "~/ui/Field";
import { t } from "../text";
import { ExtraForm } from "./ExtraForm";

interface CardFormProps {
  onSend(body: NewMessage): void;
  onCancel(): void;
}

/** Somebody whom the customer can reach: a name with a phone number. */
export function CardForm({ onSend, onCancel }: CardFormProps) {
  const [card, setCard] = useState({ name: "", phone: "", organization: "" });
  const [name, phone, organization] = [card.name.trim(), card.phone.trim(), card.organization.trim()];
  const body =
    name && /\d/.test(phone) ? { card: { name, phones: [phone], ...(organization && { organization }) } } : null;
  return (
    <ExtraForm body={body} onSend={onSend} onCancel={onCancel}>
      <TextField
        label={t("card.name")}
        required
        maxLength={200}
        value={card.name}
        onChange={(event) => setCard({ ...card, name: event.target.value })}
      />
      <TextField
        label={t("card.phone")}
        hint={t("card.phoneHint")}
        type="tel"
        required
        maxLength={50}
        value={card.phone}
        onChange={(event) => setCard({ ...card, phone: event.target.value })}
      />
      <TextField
        label={t("card.organization")}
        maxLength={200}
        value={card.organization}
        onChange={(event) => setCard({ ...card, organization: event.target.value })}
      />
    </ExtraForm>
  );
}
