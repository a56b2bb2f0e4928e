import { useQuery } from "@tanstack/react-query";
import { listDeadReasons } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { t } from "../text";

interface ReasonsProps {
  chosen: string | undefined;
  onChoose(reason: string | undefined): void;
}

/** How often each reason occurs; one of them narrows the list. */
export function Reasons({ chosen, onChoose }: ReasonsProps) {
  const api = useApi();
  const { data: reasons } = useQuery({
    queryKey: [...keys.deadLetters, "reasons"],
    queryFn: ({ signal }) => listDeadReasons(api, signal),
  });
  if (!reasons || reasons.length === 0) return null;
  return (
    <section aria-label={t("dead.reasons")} className="flex flex-wrap gap-2">
      <Button aria-pressed={!chosen} variant={chosen ? "secondary" : "primary"} onClick={() => onChoose(undefined)}>
        {t("dead.reasonsAll")}
      </Button>
      {reasons.map(({ reason, count }) => (
        <Button
          key={reason}
          aria-pressed={chosen === reason}
          variant={chosen === reason ? "primary" : "secondary"}
          className="h-auto max-w-full py-1"
          onClick={() => onChoose(reason)}
        >
          <span className="truncate">{reason}</span>
          <Badge>{count}</Badge>
        </Button>
      ))}
    </section>
  );
}
