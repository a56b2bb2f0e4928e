import { type FormEvent, useState } from "react";
import type { DeadFilter } from "~/api/admin-operations";
import { useChannels } from "~/api/queries";
import { Button } from "~/ui/Button";
import { SelectField, TextField } from "~/ui/Field";
import { t } from "../text";

interface FiltersProps {
  filter: DeadFilter;
  onChange(filter: DeadFilter): void;
}

/** kinds of event, as the platforms' plugins tell them apart, and jobs. */
const kinds = ["message", "status", "reaction", "edit", "delete", "read", "system", "unknown", "job"];

export function DeadFilters({ filter, onChange }: FiltersProps) {
  const { data: channels = [] } = useChannels();
  const any = { value: "", label: t("page.all") };
  return (
    <div className="flex flex-wrap items-end gap-3">
      <SelectField
        label={t("dead.channel")}
        value={filter.channel ?? ""}
        onChange={(event) => onChange({ ...filter, channel: event.target.value || undefined })}
        options={[any, ...channels.map((channel) => ({ value: channel.name, label: channel.title }))]}
      />
      <SelectField
        label={t("dead.kind")}
        value={filter.kind ?? ""}
        onChange={(event) => onChange({ ...filter, kind: event.target.value || undefined })}
        options={[any, ...kinds.map((kind) => ({ value: kind, label: kind }))]}
      />
      <ReasonField key={filter.reason} filter={filter} onChange={onChange} />
    </div>
  );
}

/** A part of the reason, taken when it is complete: not at every key. */
function ReasonField({ filter, onChange }: FiltersProps) {
  const [words, setWords] = useState(filter.reason ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange({ ...filter, reason: words.trim() || undefined });
  };
  return (
    <form role="search" onSubmit={submit} className="flex items-end gap-2">
      <TextField label={t("dead.reason")} value={words} onChange={(event) => setWords(event.target.value)} />
      <Button type="submit">{t("page.find")}</Button>
    </form>
  );
}
