import { Pencil, Tags, Trash2 } from "lucide-react";
import { useState } from "react";
import { keys } from "~/api/keys";
import { deleteLabel } from "~/api/operations";
import { useLabels } from "~/api/queries";
import type { Label } from "~/api/types";
import { Button } from "~/ui/Button";
import { ConfirmDialog } from "~/ui/Dialog";
import { EmptyState } from "~/ui/EmptyState";
import { IconButton } from "~/ui/IconButton";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { useChange } from "../parts/use-change";
import { t } from "../text";
import { LabelDialog } from "./LabelDialog";

export function LabelsPage() {
  const labels = useLabels();
  const [edited, setEdited] = useState<Label | "new" | null>(null);
  const [leaving, setLeaving] = useState<Label | null>(null);
  return (
    <Page
      title={t("labels.title")}
      intro={t("labels.intro")}
      actions={
        <Button variant="primary" onClick={() => setEdited("new")}>
          {t("labels.new")}
        </Button>
      }
    >
      <Loaded query={labels}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={Tags} title={t("labels.none")} hint={t("labels.noneHint")} />
          ) : (
            <Table
              label={t("labels.title")}
              columns={columns(setEdited, setLeaving)}
              rows={all}
              rowKey={(one) => one.id}
            />
          )
        }
      </Loaded>
      {edited && <LabelDialog label={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {leaving && <DeleteLabel label={leaving} onClose={() => setLeaving(null)} />}
    </Page>
  );
}

function columns(edit: (label: Label) => void, remove: (label: Label) => void): Column<Label>[] {
  return [
    {
      key: "name",
      title: t("labels.name"),
      names: true,
      cell: (label) => (
        <span className="inline-flex items-center gap-2">
          <span aria-hidden className="size-3 rounded-full" style={{ background: label.color }} />
          {label.name}
        </span>
      ),
    },
    {
      key: "conversations",
      title: t("labels.conversations"),
      numeric: true,
      cell: (label) => label.conversations ?? 0,
    },
    {
      key: "actions",
      title: t("page.actions"),
      hideTitle: true,
      cell: (label) => (
        <span className="flex justify-end gap-1">
          <IconButton icon={Pencil} label={t("labels.edit", { name: label.name })} onClick={() => edit(label)} />
          <IconButton icon={Trash2} label={t("labels.delete", { name: label.name })} onClick={() => remove(label)} />
        </span>
      ),
    },
  ];
}

function DeleteLabel({ label, onClose }: { label: Label; onClose(): void }) {
  const remove = useChange({
    change: (api, id: string) => deleteLabel(api, id),
    stale: [keys.labels],
    failed: t("labels.deleting"),
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t("labels.delete", { name: label.name })}
      body={t("labels.deleteBody", { n: label.conversations ?? 0 })}
      action={t("labels.delete", { name: label.name })}
      danger
      onConfirm={() => remove.mutateAsync(label.id)}
    />
  );
}
