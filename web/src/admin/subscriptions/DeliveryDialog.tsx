import { useQuery } from "@tanstack/react-query";
import { type DeliveryAttempt, getDelivery } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { dateTime } from "~/i18n/format";
import { Dialog } from "~/ui/Dialog";
import { Block } from "../parts/Block";
import { Loaded } from "../parts/Loaded";
import { type Column, Table } from "../parts/Table";
import { t } from "../text";

/** Every attempt at one delivery, with what the endpoint answered, and what is posted. */
export function DeliveryDialog({ id, onClose }: { id: string; onClose(): void }) {
  const api = useApi();
  const delivery = useQuery({
    queryKey: [...keys.subscriptions, "delivery", id],
    queryFn: ({ signal }) => getDelivery(api, id, signal),
  });
  return (
    <Dialog open wide onOpenChange={onClose} title={t("subs.delivery.title")}>
      <Loaded query={delivery}>
        {(found) => (
          <div className="flex flex-col gap-4">
            <Table
              label={t("subs.delivery.attempts")}
              columns={columns}
              rows={found.attempts}
              rowKey={(attempt) => String(attempt.attempt)}
            />
            <Block title={t("subs.delivery.posted")}>{JSON.stringify(found.body, null, 2)}</Block>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

const columns: Column<DeliveryAttempt>[] = [
  { key: "attempt", title: t("subs.delivery.attempt"), names: true, cell: (attempt) => attempt.attempt },
  { key: "at", title: t("subs.delivery.at"), cell: (attempt) => dateTime(attempt.at) },
  {
    key: "took",
    title: t("subs.delivery.took"),
    numeric: true,
    cell: (attempt) => t("subs.delivery.ms", { n: attempt.took_ms }),
  },
  {
    key: "answer",
    title: t("subs.delivery.answer"),
    cell: (attempt) => attempt.status ?? t("subs.delivery.noAnswer"),
  },
  { key: "error", title: t("subs.delivery.error"), cell: (attempt) => attempt.error },
  {
    key: "response",
    title: t("subs.delivery.response"),
    cell: (attempt) => <code className="text-meta [overflow-wrap:anywhere]">{attempt.response}</code>,
  },
];
