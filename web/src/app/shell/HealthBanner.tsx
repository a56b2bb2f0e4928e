import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { useChannels } from "~/api/queries";
import { troubledAccounts } from "./health";
import { t } from "../text";

/** Says that an account cannot be used at the moment: agents must not find out by a customer who got no answer. */
export function HealthBanner() {
  const { data: channels = [] } = useChannels();
  const troubled = troubledAccounts(channels);
  const first = troubled[0];
  if (!first) return null;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-center gap-2 bg-bad-soft px-3 py-1 text-chip text-bad"
    >
      <TriangleAlert aria-hidden size={14} />
      {troubled.length === 1
        ? t("health.one", { account: first.name, detail: first.detail })
        : t("health.more", { n: troubled.length })}
      <Link to="/admin/channels" className="font-medium text-bad underline">
        {t("health.show")}
      </Link>
    </div>
  );
}
