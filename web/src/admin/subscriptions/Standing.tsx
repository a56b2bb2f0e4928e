import type { Subscription } from "~/api/admin-operations";
import { Badge } from "~/ui/Badge";
import { t } from "../text";

/** How a subscription is doing, in a word. */
export function Standing({ subscription }: { subscription: Subscription }) {
  if (subscription.state === "disabled") return <Badge tone="bad">{t("subs.state.disabled")}</Badge>;
  if (subscription.failing_since) return <Badge tone="warn">{t("subs.state.failing")}</Badge>;
  return <Badge tone="ok">{t("subs.state.active")}</Badge>;
}
