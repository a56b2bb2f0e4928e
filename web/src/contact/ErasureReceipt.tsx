import { useQuery } from "@tanstack/react-query";
import { useApi } from "~/api/context";
import { getErasure } from "~/api/operations";
import { Skeleton } from "~/ui/Skeleton";
import { t } from "./text";

/** How often a receipt is read again while its erasure runs, in milliseconds. */
const pause = 1_000;

/** What is gone so far, and where copies are that no erasure reaches. */
export function ErasureReceipt({ id }: { id: string }) {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ["erasure", id],
    queryFn: ({ signal }) => getErasure(api, id, signal),
    refetchInterval: ({ state }) => (state.data?.state === "done" ? false : pause),
  });
  if (!data) return <Skeleton className="h-32" />;
  return (
    <div className="flex flex-col gap-3">
      <p role="status">{t(data.state === "done" ? "erase.done" : "erase.running")}</p>
      <section aria-label={t("erase.receipt")} className="rounded-control border border-line p-3">
        <p className="text-text-3">{data.id}</p>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {data.removed.map(({ kind, count }) => (
            <div key={kind} className="contents">
              <dt className="text-text-3">{kind.replaceAll("_", " ")}</dt>
              <dd>{count}</dd>
            </div>
          ))}
        </dl>
      </section>
      <ul className="text-text-2">
        {data.remains.map(({ place, until }) => (
          <li key={place}>{until}</li>
        ))}
      </ul>
    </div>
  );
}
