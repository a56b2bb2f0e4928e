import type { ChannelAccount } from "~/api/types";
import { type Column, Table } from "../parts/Table";
import { t } from "../text";

/** What was not delivered in the last day, by the reason. */
export function Failures({ failures }: { failures: ChannelAccount["failures_24h"] }) {
  if (failures.length === 0) return <p className="text-chip text-text-3">{t("channels.noFailures")}</p>;
  return (
    <Table
      label={t("channels.failures")}
      columns={columns}
      rows={failures}
      rowKey={(failure) => `${failure.code} ${failure.reason}`}
    />
  );
}

const columns: Column<ChannelAccount["failures_24h"][number]>[] = [
  { key: "code", title: t("channels.code"), names: true, cell: (failure) => <code>{failure.code}</code> },
  { key: "reason", title: t("channels.reason"), cell: (failure) => failure.reason },
  { key: "count", title: t("channels.count"), numeric: true, cell: (failure) => failure.count },
];
