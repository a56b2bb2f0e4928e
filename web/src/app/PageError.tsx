import { Bug } from "lucide-react";
import { t } from "~/i18n";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";

export function PageError({ error }: { error: unknown }) {
  return (
    <EmptyState icon={Bug} alert title={t("app.error.title")} hint={t("app.error.body")}>
      <Button variant="primary" onClick={() => location.reload()}>
        {t("app.error.reload")}
      </Button>
      <code className="w-full text-meta">{error instanceof Error ? error.message : String(error)}</code>
    </EmptyState>
  );
}
