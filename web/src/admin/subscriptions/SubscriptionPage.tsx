import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { getSubscription, type Subscription } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { dateTime } from "~/i18n/format";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { t } from "../text";
import { Actions } from "./Actions";
import { Deliveries } from "./Deliveries";
import { Standing } from "./Standing";

/** One subscription: how it is doing, what was delivered, and what can be done. */
export function SubscriptionPage() {
  const api = useApi();
  const { subscriptionId: id } = useParams({ from: "/shell/admin/subscriptions/$subscriptionId" });
  const subscription = useQuery({
    queryKey: [...keys.subscriptions, id],
    queryFn: ({ signal }) => getSubscription(api, id, signal),
  });
  return (
    <>
      <Link to="/admin/subscriptions" className="mx-auto block w-full max-w-5xl px-4 pt-4 md:px-6">
        {t("subs.back.list")}
      </Link>
      <Loaded query={subscription}>
        {(found) => (
          <Page title={found.url} intro={found.description} actions={<Actions subscription={found} />}>
            <About subscription={found} />
            <Deliveries subscription={found.id} />
          </Page>
        )}
      </Loaded>
    </>
  );
}

function About({ subscription }: { subscription: Subscription }) {
  const { failing_since: failing, old_secret_until: oldUntil, reason, open, held } = subscription;
  return (
    <section className="flex flex-col gap-2 rounded-control border border-line bg-surface p-4">
      {subscription.state === "disabled" && reason && (
        <p className="text-bad">{t("subs.disabledBecause", { reason })}</p>
      )}
      {failing && <p className="text-warn">{t("subs.failingSince", { time: dateTime(failing) })}</p>}
      {oldUntil && <p>{t("subs.oldSecret", { time: dateTime(oldUntil) })}</p>}
      <Facts
        facts={[
          [t("subs.state"), <Standing key="state" subscription={subscription} />],
          [t("subs.events"), subscription.types.join(", ") || t("subs.eventsAll")],
          [t("subs.channels"), subscription.channels.join(", ") || t("subs.channelsAll")],
          [t("subs.deliveries"), t("subs.openHeld", { open, held })],
          [t("subs.created"), dateTime(subscription.created_at)],
        ]}
      />
    </section>
  );
}
