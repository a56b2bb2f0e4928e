import { type FormEvent, useState } from "react";
import type { AuditFilter } from "~/api/admin-operations";
import { useAgents } from "~/api/queries";
import { Button } from "~/ui/Button";
import { SelectField, TextField } from "~/ui/Field";
import { t } from "../text";

interface FiltersProps {
  filter: AuditFilter;
  onChange(filter: AuditFilter): void;
}

export function AuditFilters({ filter, onChange }: FiltersProps) {
  const { data: agents = [] } = useAgents();
  return (
    <div className="flex flex-wrap items-end gap-3">
      <SelectField
        label={t("audit.agent")}
        value={filter.agent ?? ""}
        onChange={(event) => onChange({ ...filter, agent: event.target.value || undefined })}
        options={[
          { value: "", label: t("page.all") },
          ...agents.map((agent) => ({ value: agent.id, label: agent.name })),
        ]}
      />
      <ActionField key={filter.action} filter={filter} onChange={onChange} />
      {filter.conversation && (
        <Button aria-pressed onClick={() => onChange({ ...filter, conversation: undefined })}>
          {t("audit.ofOne")}
        </Button>
      )}
    </div>
  );
}

/** An action by its name, taken when it is complete: not at every key. */
function ActionField({ filter, onChange }: FiltersProps) {
  const [action, setAction] = useState(filter.action ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange({ ...filter, action: action.trim() || undefined });
  };
  return (
    <form role="search" onSubmit={submit} className="flex items-end gap-2">
      <TextField
        label={t("audit.action")}
        placeholder={t("audit.actionHint")}
        value={action}
        onChange={(event) => setAction(event.target.value)}
      />
      <Button type="submit">{t("page.find")}</Button>
    </form>
  );
}
