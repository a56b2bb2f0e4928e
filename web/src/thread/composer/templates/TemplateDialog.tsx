import { useQuery } from "@tanstack/react-query";
import { CloudOff, LayoutTemplate } from "lucide-react";
import { useState } from "react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { listTemplates } from "~/api/operations";
import type { Channel, FilledTemplate, Template } from "~/api/types";
import { t as core } from "~/i18n";
import { dateTime, list } from "~/i18n/format";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { EmptyState } from "~/ui/EmptyState";
import { Skeleton } from "~/ui/Skeleton";
import { t } from "../text";
import { obstacleOf } from "./fill";
import { TemplateForm } from "./TemplateForm";

interface TemplateDialogProps {
  channel: Channel;
  /** Whose templates: the credential account of the conversation's channel account. */
  account: string;
  onSend(template: FilledTemplate): void;
  onClose(): void;
}

/** Picks a template that the platform approved, and fills its gaps. */
export default function TemplateDialog({ channel, account, onSend, onClose }: TemplateDialogProps) {
  const [picked, setPicked] = useState<Template | null>(null);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("template.title")} wide>
      {picked ? (
        <TemplateForm template={picked.detail} channel={channel} onBack={() => setPicked(null)} onSend={onSend} />
      ) : (
        <TemplateList channel={channel} account={account} onPick={setPicked} />
      )}
    </Dialog>
  );
}

function TemplateList({
  channel,
  account,
  onPick,
}: {
  channel: Channel;
  account: string;
  onPick(template: Template): void;
}) {
  const api = useApi();
  const [query, setQuery] = useState("");
  const { data, isError, refetch } = useQuery({
    queryKey: keys.templates(channel.name, account),
    queryFn: ({ signal }) => listTemplates(api, channel.name, account, undefined, signal),
    staleTime: 60_000,
  });
  if (isError) {
    return (
      <EmptyState icon={CloudOff} title={t("template.failed")} alert>
        <Button onClick={() => void refetch()}>{core("common.retry")}</Button>
      </EmptyState>
    );
  }
  if (!data) return <Skeleton className="h-64" />;
  if (data.items.length === 0)
    return <EmptyState icon={LayoutTemplate} title={t("template.none")} hint={data.error ?? undefined} />;
  const wanted = query.trim().toLowerCase();
  const found = data.items.filter(({ name, detail }) => `${name} ${detail.body.text}`.toLowerCase().includes(wanted));
  return (
    <div className="flex flex-col gap-2">
      <input
        type="search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        aria-label={t("template.find")}
        placeholder={t("template.find")}
        className="field"
      />
      {data.error && <p className="text-chip text-warn">{t("template.error", { error: data.error })}</p>}
      {found.length === 0 && <p className="p-4 text-center text-text-2">{t("template.noneFound")}</p>}
      <ul className="flex max-h-[50dvh] flex-col gap-1 overflow-y-auto">
        {found.map((template) => (
          <li key={`${template.name} ${template.language}`}>
            <Choice template={template} onPick={onPick} />
          </li>
        ))}
      </ul>
      {data.listed_at && (
        <p className="text-meta text-text-3">{t("template.listed", { at: dateTime(data.listed_at) })}</p>
      )}
    </div>
  );
}

/** A template in the list: one that cannot be sent says why. */
function Choice({ template, onPick }: { template: Template; onPick(template: Template): void }) {
  const { detail } = template;
  const obstacle = obstacleOf(detail);
  return (
    <button
      type="button"
      disabled={obstacle !== null}
      onClick={() => onPick(template)}
      className="flex w-full flex-col gap-0.5 rounded-control border border-line px-3 py-2 text-start hover:bg-raised disabled:hover:bg-surface"
    >
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{template.name}</span>
        <Badge>{template.language}</Badge>
        {template.category && <Badge>{template.category}</Badge>}
      </span>
      <span className="line-clamp-2 text-chip text-text-2">{detail.body.text}</span>
      {obstacle && (
        <span className="text-chip text-warn">
          {obstacle.type === "status"
            ? t("template.status", { status: obstacle.status })
            : t("template.beyond", { parts: list(obstacle.parts) })}
        </span>
      )}
    </button>
  );
}
