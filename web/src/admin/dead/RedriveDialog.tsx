import { useQuery } from "@tanstack/react-query";
import { type DeadFilter, redrive, type Redriven } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { useToasts } from "~/ui/toasts";
import { Loaded } from "../parts/Loaded";
import { useChange } from "../parts/use-change";
import { t } from "../text";

/** Some letters, or all that match. */
export type What = { ids: string[] } | { filter: DeadFilter };

/** Asks before anything is sent again, with the number that the server would send. */
export function RedriveDialog({ what, onClose }: { what: What; onClose(): void }) {
  const api = useApi();
  const toasts = useToasts();
  const trial = useQuery({
    // Not below the dead letters: what was sent again must not be counted once more.
    queryKey: ["redrive", what],
    queryFn: () => redrive(api, { ...what, dry_run: true }),
    gcTime: 0,
  });
  const go = useChange({
    change: (api) => redrive(api, what),
    stale: [keys.deadLetters, keys.counts],
    failed: t("dead.failed"),
    done: (done) => {
      toasts.show({
        text: t("dead.done", { n: done.rows + done.jobs }),
        detail: done.more ? t("dead.more") : undefined,
      });
      onClose();
    },
  });
  const n = trial.data ? trial.data.rows + trial.data.jobs : 0;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("dead.confirm.title")}
      footer={
        <>
          <Button onClick={onClose}>{t("page.cancel")}</Button>
          {n > 0 && (
            <Button variant="primary" busy={go.isPending} onClick={() => go.mutate(undefined)}>
              {t("dead.confirm.action", { n })}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={trial}>{(counted) => <Counted counted={counted} />}</Loaded>
    </Dialog>
  );
}

function Counted({ counted: { rows, jobs, more } }: { counted: Redriven }) {
  return (
    <>
      {rows > 0 && <p>{t("dead.confirm.rows", { n: rows })}</p>}
      {jobs > 0 && <p>{t("dead.confirm.jobs", { n: jobs })}</p>}
      {more && <p>{t("dead.more")}</p>}
      {rows + jobs === 0 && <p>{t("dead.confirm.nothing")}</p>}
    </>
  );
}
