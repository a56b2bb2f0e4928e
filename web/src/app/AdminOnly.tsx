import { ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useMe } from "~/api/queries";
import { t } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";

/** Shows its children to administrators. The API refuses the others anyway: this only says so beforehand. */
export function AdminOnly({ children }: { children: ReactNode }) {
  const { data: me } = useMe();
  if (!me) return null;
  if (me.role === "admin") return children;
  return <EmptyState icon={ShieldAlert} title={t("app.forbidden.title")} hint={t("app.forbidden.body")} />;
}
