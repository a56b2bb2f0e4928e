import { type FormEvent, useId, useState } from "react";
import { keys } from "~/api/keys";
import { createLabel, updateLabel } from "~/api/operations";
import type { Label } from "~/api/types";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { useChange } from "../parts/use-change";
import { t } from "../text";
import { Colors, palette } from "./Colors";

/** Makes a label, or changes one. */
export function LabelDialog({ label, onClose }: { label: Label | null; onClose(): void }) {
  const form = useId();
  const [name, setName] = useState(label?.name ?? "");
  const [color, setColor] = useState(label?.color ?? palette[0]);
  const save = useChange({
    change: (api, body: { name: string; color: string }) =>
      label ? updateLabel(api, label.id, body) : createLabel(api, body),
    stale: [keys.labels],
    failed: t("labels.saving"),
    done: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name: name.trim(), color });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={label ? t("labels.edit", { name: label.name }) : t("labels.new")}
      footer={
        <>
          <Button onClick={onClose}>{t("page.cancel")}</Button>
          <Button type="submit" form={form} variant="primary" busy={save.isPending}>
            {t("page.save")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t("labels.name")}
          required
          maxLength={50}
          value={name}
          error={save.problem?.field("name")}
          onChange={(event) => setName(event.target.value)}
        />
        <Colors value={color} onChange={setColor} error={save.problem?.field("color")} />
      </form>
    </Dialog>
  );
}
