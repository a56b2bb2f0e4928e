import { CloudAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { Skeleton } from "~/ui/Skeleton";
import { t } from "../text";

/** As much of a query as is needed to show it. */
interface Query<T> {
  data: T | undefined;
  error: Error | null;
  refetch(): unknown;
}

/** What a query found, or that it is not there yet, or why it could not be had. */
export function Loaded<T>({ query, children }: { query: Query<T>; children(data: T): ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (query.error)
    return (
      <EmptyState icon={CloudAlert} alert title={t("page.failed")} hint={query.error.message}>
        <Button onClick={() => void query.refetch()}>{t("page.retry")}</Button>
      </EmptyState>
    );
  return (
    <div aria-busy className="flex flex-col gap-2">
      <p className="sr-only">{t("page.loading")}</p>
      {Array.from({ length: 6 }, (_, i) => (
        <Skeleton key={i} className="h-10" />
      ))}
    </div>
  );
}
