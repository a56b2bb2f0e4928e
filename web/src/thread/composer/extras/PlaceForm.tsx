import { useState } from "react";
import type { NewMessage } from "~/api/types";
import { TextField } from "~/ui/Field";
import { t } from "../text";
import { ExtraForm } from "./ExtraForm";
import { pointOf } from "./offer";

interface PlaceFormProps {
  onSend(body: NewMessage): void;
  onCancel(): void;
}

/** Where something is: its coordinates, as any map gives them, with what it is called there. */
export function PlaceForm({ onSend, onCancel }: PlaceFormProps) {
  const [place, setPlace] = useState({ name: "", address: "", at: "" });
  const point = pointOf(place.at);
  const [name, address] = [place.name.trim(), place.address.trim()];
  const body = point && { place: { ...point, ...(name && { name }), ...(address && { address }) } };
  const wrong = place.at.trim() !== "" && !point ? t("place.atWrong") : undefined;
  return (
    <ExtraForm body={body} onSend={onSend} onCancel={onCancel}>
      <TextField
        label={t("place.at")}
        hint={t("place.atHint")}
        error={wrong}
        required
        value={place.at}
        onChange={(event) => setPlace({ ...place, at: event.target.value })}
      />
      <TextField
        label={t("place.name")}
        maxLength={200}
        value={place.name}
        onChange={(event) => setPlace({ ...place, name: event.target.value })}
      />
      <TextField
        label={t("place.address")}
        maxLength={200}
        value={place.address}
        onChange={(event) => setPlace({ ...place, address: event.target.value })}
      />
    </ExtraForm>
  );
}
