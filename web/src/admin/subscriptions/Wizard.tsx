import { useState } from "react";
import { createSubscription, type SubscriptionEdits } from "~/api/admin-operations";
import { keys } from "~/api/keys";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { useChange } from "../parts/use-change";
import { t } from "../text";
import { SecretDialog } from "./SecretDialog";
import { problemsOf, steps, StepFields } from "./steps";

const empty: SubscriptionEdits = { url: "", description: "", types: [], channels: [] };

/** Makes a subscription in three steps, and shows its secret at the end. */
export function Wizard({ onClose }: { onClose(): void }) {
  const [edits, setEdits] = useState(empty);
  const [step, setStep] = useState(0);
  const create = useChange({
    change: (api, body: SubscriptionEdits) => createSubscription(api, body),
    stale: [keys.subscriptions],
    failed: t("subs.failed"),
  });
  if (create.data) return <SecretDialog secret={create.data.secret} onClose={onClose} />;
  const last = step === steps.length - 1;
  const next = async () => {
    if (!last) return setStep(step + 1);
    await create.mutateAsync(edits).catch((error: unknown) => setStep(stepOf(error, step)));
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("subs.new")}
      description={t("subs.step", { n: step + 1, of: steps.length })}
      footer={
        <>
          {step > 0 && <Button onClick={() => setStep(step - 1)}>{t("subs.back")}</Button>}
          <Button
            variant="primary"
            busy={create.isPending}
            disabled={edits.url.trim() === ""}
            onClick={() => void next()}
          >
            {t(last ? "subs.create" : "subs.next")}
          </Button>
        </>
      }
    >
      <StepFields
        step={steps[step] ?? "endpoint"}
        edits={edits}
        onChange={(change) => setEdits((before) => ({ ...before, ...change }))}
        problems={problemsOf(create.problem)}
      />
    </Dialog>
  );
}

/** The step with the field that was refused. */
function stepOf(error: unknown, otherwise: number): number {
  const problems = problemsOf(error);
  if (problems.url || problems.description) return 0;
  if (problems.types) return 1;
  return otherwise;
}
