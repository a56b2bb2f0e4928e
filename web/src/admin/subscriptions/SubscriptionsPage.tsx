import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Webhook } from "lucide-react";
import { useState } from "react";
import { listSubscriptions, type Subscription } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { t } from "../text";
import { Standing } from "./Standing";
import { Wizard } from "./Wizard";

/** The endpoints of the company that are told of changes. */
export function SubscriptionsPage() {
  const api = useApi();
  const [making, setMaking] = useState(false);
  const all = useQuery({ queryKey: keys.subscriptions, queryFn: ({ signal }) => listSubscriptions(api, signal) });
  return (
    <Page
      title={t("subs.title")}
      intro={t("subs.intro")}
      actions={
        <Button variant="primary" onClick={() => setMaking(true)}>
          {t("subs.new")}
        </Button>
      }
    >
      <Loaded query={all}>
        {(subscriptions) =>
          subscriptions.length === 0 ? (
            <EmptyState icon={Webhook} title={t("subs.none")} hint={t("subs.noneHint")} />
          ) : (
            <Table label={t("subs.title")} columns={columns} rows={subscriptions} rowKey={(one) => one.id} />
          )
        }
      </Loaded>
      {making && <Wizard onClose={() => setMaking(false)} />}
    </Page>
  );
}

const columns: Column<Subscription>[] = [
  {
    key: "url",
    title: t("subs.url"),
    names: true,
    cell: (one) => (
      <>
        <Link
          to="/admin/subscriptions/$subscriptionId"
          params={{ subscriptionId: one.id }}
          className="[overflow-wrap:anywhere]"
        >
          {one.url}
        </Link>
        <span className="block text-meta font-normal text-text-3">{one.description}</span>
      </>
    ),
  },
  { key: "state", title: t("subs.state"), cell: (one) => <Standing subscription={one} /> },
  { key: "events", title: t("subs.events"), cell: (one) => one.types.join(", ") || t("subs.eventsAll") },
  { key: "channels", title: t("subs.channels"), cell: (one) => one.channels.join(", ") || t("subs.channelsAll") },
  {
    key: "deliveries",
    title: t("subs.deliveries"),
    cell: ({ open, held }) => t("subs.openHeld", { open, held }),
  },
];
