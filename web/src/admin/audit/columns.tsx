import { Link } from "@tanstack/react-router";
import type { AuditEntry } from "~/api/admin-operations";
import { dateTime } from "~/i18n/format";
import type { Column } from "../parts/Table";
import { t } from "../text";

export const auditColumns: Column<AuditEntry>[] = [
  {
    key: "at",
    title: t("audit.at"),
    cell: (entry) => (
      <time dateTime={entry.at} className="whitespace-nowrap">
        {dateTime(entry.at)}
      </time>
    ),
  },
  { key: "agent", title: t("audit.agent"), names: true, cell: (entry) => entry.agent?.name ?? t("audit.system") },
  { key: "action", title: t("audit.action"), cell: (entry) => <code>{entry.action}</code> },
  { key: "object", title: t("audit.object"), cell: (entry) => <Of entry={entry} /> },
  { key: "detail", title: t("audit.detail"), cell: (entry) => <Detail detail={entry.detail} /> },
];

/** What was changed: a conversation can be opened, anything else is known by its id. */
function Of({ entry }: { entry: AuditEntry }) {
  if (entry.conversation)
    return (
      <Link to="/inbox/$view/$conversationId" params={{ view: "all", conversationId: entry.conversation }}>
        {t("audit.conversation")}
      </Link>
    );
  return <code className="text-meta [overflow-wrap:anywhere]">{entry.object}</code>;
}

/** What it was and what it is now. What was changed goes by the API's word for it, people and labels by their names. */
function Detail({ detail }: { detail: unknown }) {
  if (typeof detail !== "object" || detail === null) return null;
  return (
    <dl className="flex flex-col gap-0.5 text-chip">
      {Object.entries(detail).map(([name, value]) => (
        <div key={name} className="flex gap-2">
          <dt className="text-text-3">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{words(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function words(value: unknown): string {
  if (value === null || value === "") return t("audit.nothing");
  if (Array.isArray(value)) return value.map(words).join(", ") || t("audit.nothing");
  if (typeof value === "object" && "name" in value && typeof value.name === "string") return value.name;
  if (typeof value === "object" && "was" in value && "is" in value)
    return t("audit.change", { was: words(value.was), is: words(value.is) });
  return typeof value === "string" ? value : JSON.stringify(value);
}
