import type { Delivery, DeliveryState } from "~/api/admin-operations";
import { dateTime } from "~/i18n/format";
import { Badge, type Tone } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Time } from "~/ui/Time";
import type { Column } from "../parts/Table";
import { t } from "../text";

const name = (delivery: Delivery) => ({ type: delivery.event.type, time: dateTime(delivery.created_at) });

const tones: Record<DeliveryState, Tone> = {
  waiting: "neutral",
  under_way: "neutral",
  delivered: "ok",
  failed: "bad",
  held: "warn",
};

interface Handlers {
  again(delivery: Delivery): void;
  show(delivery: Delivery): void;
}

export function deliveryColumns({ again, show }: Handlers): Column<Delivery>[] {
  return [
    {
      key: "event",
      title: t("subs.delivery.event"),
      names: true,
      cell: (delivery) => (
        <button
          type="button"
          className="text-link underline"
          aria-label={t("subs.delivery.show", name(delivery))}
          onClick={() => show(delivery)}
        >
          <code>{delivery.event.type}</code>
        </button>
      ),
    },
    {
      key: "state",
      title: t("subs.delivery.state"),
      cell: ({ state }) => <Badge tone={tones[state]}>{t(`subs.delivery.state.${state}`)}</Badge>,
    },
    { key: "attempts", title: t("subs.delivery.attempts"), numeric: true, cell: (delivery) => delivery.attempt },
    {
      key: "answer",
      title: t("subs.delivery.answer"),
      cell: ({ status, error }) => (
        <>
          {status ?? t("subs.delivery.noAnswer")}
          {error && <span className="block text-chip text-bad [overflow-wrap:anywhere]">{error}</span>}
        </>
      ),
    },
    { key: "at", title: t("subs.delivery.at"), cell: (delivery) => <Time at={delivery.created_at} /> },
    {
      key: "again",
      title: t("page.actions"),
      hideTitle: true,
      cell: (delivery) => (
        <Button aria-label={t("subs.delivery.againOf", name(delivery))} onClick={() => again(delivery)}>
          {t("subs.delivery.again")}
        </Button>
      ),
    },
  ];
}
