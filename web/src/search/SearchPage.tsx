import { Search } from "lucide-react";
import { t } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";

export function SearchPage() {
  return (
    <main className="flex-1">
      <EmptyState icon={Search} title={t("common.search")} />
    </main>
  );
}
