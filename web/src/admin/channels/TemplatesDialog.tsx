import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { listTemplates } from "~/api/operations";
import type { ChannelAccount, Template } from "~/api/types";
import { dateTime } from "~/i18n/format";
import { Badge } from "~/ui/Badge";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { Loaded } from "../parts/Loaded";
import { type Column, Table } from "../parts/Table";
import { t } from "../text";

interface TemplatesProps {
  channel: string;
  account: ChannelAccount;
  onClose(): void;
}

/** The templates that the platform has approved or refused, as it last listed them. */
export function TemplatesDialog({ channel, account, onClose }: TemplatesProps) {
  const api = useApi();
  const [words, setWords] = useState("");
  const wanted = useDeferredValue(words).toLowerCase();
  const templates = useQuery({
    queryKey: keys.templates(channel, account.credential_account),
    queryFn: ({ signal }) => listTemplates(api, channel, account.credential_account, undefined, signal),
  });
  const matches = (template: Template) =>
    `${template.name} ${template.language} ${template.detail.body.text}`.toLowerCase().includes(wanted);
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={t("channels.templatesOf", { name: account.name || account.external_id })}
    >
      <Loaded query={templates}>
        {({ items, listed_at: listed, error }) => (
          <div className="flex flex-col gap-3">
            {error && (
              <p role="alert" className="text-bad">
                {t("channels.templatesError", { error })}
              </p>
            )}
            <TextField
              label={t("channels.templatesSearch")}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
            {listed && (
              <p className="text-chip text-text-3">{t("channels.templatesListed", { time: dateTime(listed) })}</p>
            )}
            {items.length === 0 ? (
              <p>{t("channels.templatesNone")}</p>
            ) : (
              <Table
                label={t("channels.templates")}
                columns={columns}
                rows={items.filter(matches)}
                rowKey={(template) => `${template.name} ${template.language}`}
              />
            )}
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

const columns: Column<Template>[] = [
  { key: "name", title: t("channels.template.name"), names: true, cell: (template) => template.name },
  { key: "language", title: t("channels.template.language"), cell: (template) => template.language },
  { key: "category", title: t("channels.template.category"), cell: (template) => template.category },
  {
    key: "status",
    title: t("channels.template.status"),
    cell: ({ status }) => <Badge tone={/approved/i.test(status) ? "ok" : "warn"}>{status}</Badge>,
  },
  {
    key: "text",
    title: t("channels.template.text"),
    cell: (template) => <span className="whitespace-pre-wrap">{template.detail.body.text}</span>,
  },
];
