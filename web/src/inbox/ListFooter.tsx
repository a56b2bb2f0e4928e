import { t as core } from "~/i18n";
import { Button } from "~/ui/Button";
import { Spinner } from "~/ui/Spinner";
import { t } from "./text";

interface ListFooterProps {
  loading: boolean;
  failed: boolean;
  more: boolean;
  onRetry(): void;
}

/** What comes after the last row that is loaded. */
export function ListFooter({ loading, failed, more, onRetry }: ListFooterProps) {
  if (failed) {
    return (
      <p className="flex flex-wrap items-center justify-center gap-2 p-3 text-chip text-bad">
        {t("list.moreFailed")}
        <Button onClick={onRetry}>{core("common.retry")}</Button>
      </p>
    );
  }
  if (loading) {
    return (
      <p className="flex items-center justify-center gap-2 p-3 text-chip text-text-3">
        <Spinner />
        {t("list.loadingMore")}
      </p>
    );
  }
  return more ? null : <p className="p-3 text-center text-chip text-text-3">{t("list.end")}</p>;
}
