import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ScrollText, SearchX } from "lucide-react";
import { type AuditFilter, listAudit } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { More } from "../parts/Pages";
import { Table } from "../parts/Table";
import { t } from "../text";
import { AuditFilters } from "./AuditFilters";
import { auditColumns } from "./columns";

/** Who changed what, the latest first. The filters stand in the address. */
export function AuditPage() {
  const filter = useSearch({ from: "/shell/admin/audit" });
  const navigate = useNavigate();
  const go = (search: AuditFilter) => void navigate({ to: "/admin/audit", search });
  const entries = useAudit(filter);
  return (
    <Page title={t("audit.title")} intro={t("audit.intro")}>
      <AuditFilters filter={filter} onChange={go} />
      <Loaded query={entries}>
        {(all) =>
          all.length === 0 ? (
            <Nothing filtered={Object.keys(filter).length > 0} onClear={() => go({})} />
          ) : (
            <>
              <Table label={t("audit.title")} columns={auditColumns} rows={all} rowKey={(entry) => entry.id} />
              <More pages={entries} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function useAudit(filter: AuditFilter) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [...keys.audit, filter],
    queryFn: ({ pageParam, signal }) => listAudit(api, { ...filter, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear(): void }) {
  if (!filtered) return <EmptyState icon={ScrollText} title={t("audit.none")} hint={t("audit.noneHint")} />;
  return (
    <EmptyState icon={SearchX} title={t("page.noMatch")}>
      <Button onClick={onClear}>{t("page.clearFilters")}</Button>
    </EmptyState>
  );
}
