import { useInfiniteQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { type Delivery, type DeliveryState, listDeliveries, redeliver } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { SelectField } from "~/ui/Field";
import { useToasts } from "~/ui/toasts";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/Pages";
import { Table } from "../parts/Table";
import { useChange } from "../parts/use-change";
import { t } from "../text";
import { DeliveryDialog } from "./DeliveryDialog";
import { deliveryColumns } from "./delivery-columns";

const states: DeliveryState[] = ["waiting", "under_way", "delivered", "failed", "held"];

/** What was delivered to a subscription, and what was not and why. */
export function Deliveries({ subscription }: { subscription: string }) {
  const [state, setState] = useState<DeliveryState | "">("");
  const [shown, setShown] = useState<string | null>(null);
  const toasts = useToasts();
  const deliveries = useDeliveries(subscription, state);
  const again = useChange({
    change: (api, delivery: Delivery) => redeliver(api, delivery.id),
    stale: [keys.subscriptions],
    failed: t("subs.delivery.againFailed"),
    done: () => void toasts.show({ text: t("subs.delivery.againDone") }),
  });
  return (
    <section aria-labelledby="deliveries" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <h2 id="deliveries" className="mr-auto text-title font-semibold">
          {t("subs.deliveries")}
        </h2>
        <SelectField
          label={t("subs.delivery.filter")}
          value={state}
          onChange={(event) => setState(event.target.value as DeliveryState | "")}
          options={[
            { value: "", label: t("page.all") },
            ...states.map((one) => ({ value: one, label: t(`subs.delivery.state.${one}`) })),
          ]}
        />
        <Button busy={deliveries.isRefetching} onClick={() => void deliveries.refetch()}>
          {t("subs.delivery.refresh")}
        </Button>
      </div>
      <Loaded query={deliveries}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={Send} title={t("subs.delivery.none")} hint={t("subs.delivery.noneHint")} />
          ) : (
            <>
              <Table
                label={t("subs.deliveries")}
                columns={deliveryColumns({ again: again.mutate, show: (delivery) => setShown(delivery.id) })}
                rows={all}
                rowKey={(delivery) => delivery.id}
              />
              <More pages={deliveries} />
            </>
          )
        }
      </Loaded>
      {shown && <DeliveryDialog id={shown} onClose={() => setShown(null)} />}
    </section>
  );
}

/** How often the list is asked for again while something in it is on its way. */
const every = 2000;

const moves = (delivery: Delivery) => delivery.state === "waiting" || delivery.state === "under_way";

function useDeliveries(subscription: string, only: DeliveryState | "") {
  const api = useApi();
  const state = only === "" ? undefined : [only];
  return useInfiniteQuery({
    queryKey: [...keys.subscriptions, subscription, "deliveries", only],
    queryFn: ({ pageParam, signal }) => listDeliveries(api, subscription, { state, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state: { data } }) => (data?.pages[0]?.items.some(moves) ? every : false),
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}
