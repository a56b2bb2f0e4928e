import { useState } from "react";
import { type Subscription, type SubscriptionEdits, updateSubscription } from "~/api/admin-operations";
import { keys } from "~/api/keys";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { useChange } from "../parts/use-change";
import { t } from "../text";
import { problemsOf, StepFields, steps } from "./steps";

/** Changes what a subscription wants, and where. */
export function EditDialog({ subscription, onClose }: { subscription: Subscription; onClose(): void }) {
  const { url, description, types, channels } = subscription;
  const [edits, setEdits] = useState<SubscriptionEdits>({ url, description, types, channels });
  const save = useChange({
    change: (api, body: SubscriptionEdits) => updateSubscription(api, subscription.id, body),
    stale: [keys.subscriptions],
    failed: t("subs.failed"),
    done: onClose,
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("subs.editTitle")}
      footer={
        <>
          <Button onClick={onClose}>{t("page.cancel")}</Button>
          <Button variant="primary" busy={save.isPending} onClick={() => save.mutate(edits)}>
            {t("page.save")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {steps.map((step) => (
          <StepFields
            key={step}
            step={step}
            edits={edits}
            onChange={(change) => setEdits((before) => ({ ...before, ...change }))}
            problems={problemsOf(save.problem)}
          />
        ))}
      </div>
    </Dialog>
  );
}
