import { MessagesSquare } from "lucide-react";
import { EmptyState } from "~/ui/EmptyState";
import { t } from "./text";

/** Beside the list, while no conversation is open. On a phone the list has the screen. */
export function PickOne() {
  return (
    <div className="min-w-0 flex-1 max-md:hidden">
      <EmptyState icon={MessagesSquare} title={t("pick.title")} hint={t("pick.hint")} />
    </div>
  );
}
