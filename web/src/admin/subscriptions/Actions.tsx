import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import {
  deleteSubscription,
  disableSubscription,
  enableSubscription,
  rotateSecret,
  type Subscription,
  testSubscription,
} from "~/api/admin-operations";
import { keys } from "~/api/keys";
import { Button } from "~/ui/Button";
import { ConfirmDialog } from "~/ui/Dialog";
import { IconButton } from "~/ui/IconButton";
import { Menu } from "~/ui/Menu";
import { useToasts } from "~/ui/toasts";
import { useChange } from "../parts/use-change";
import { t } from "../text";
import { EditDialog } from "./EditDialog";
import { SecretDialog } from "./SecretDialog";

type Question = "edit" | "rotate" | "disable" | "delete";

/** What can be done with a subscription. What cannot be taken back is asked for first. */
export function Actions({ subscription }: { subscription: Subscription }) {
  const { id, state } = subscription;
  const toasts = useToasts();
  const [question, setQuestion] = useState<Question | null>(null);
  const common = { stale: [keys.subscriptions], failed: t("subs.failed") };
  const test = useChange({
    ...common,
    change: (api) => testSubscription(api, id),
    done: () => void toasts.show({ text: t("subs.tested") }),
  });
  const enable = useChange({ ...common, change: (api) => enableSubscription(api, id) });
  const entry = (key: Question, label: string, danger = false) => ({
    key,
    label,
    danger,
    separated: danger,
    onSelect: () => setQuestion(key),
  });
  return (
    <>
      <Button busy={test.isPending} onClick={() => test.mutate(undefined)}>
        {t("subs.test")}
      </Button>
      {state === "disabled" && (
        <Button variant="primary" busy={enable.isPending} onClick={() => enable.mutate(undefined)}>
          {t("subs.enable")}
        </Button>
      )}
      <Menu
        align="end"
        trigger={<IconButton icon={Ellipsis} label={t("page.actions")} />}
        entries={[
          entry("edit", t("subs.edit")),
          entry("rotate", t("subs.rotate")),
          ...(state === "active" ? [entry("disable", t("subs.disable"))] : []),
          entry("delete", t("page.delete"), true),
        ]}
      />
      <Asked question={question} subscription={subscription} onClose={() => setQuestion(null)} />
    </>
  );
}

interface AskedProps {
  question: Question | null;
  subscription: Subscription;
  onClose(): void;
}

function Asked({ question, subscription, onClose }: AskedProps) {
  const { id, url } = subscription;
  const navigate = useNavigate();
  const common = { stale: [keys.subscriptions], failed: t("subs.failed") };
  const [secret, setSecret] = useState<string | null>(null);
  const rotate = useChange({
    ...common,
    change: (api) => rotateSecret(api, id),
    done: (made) => setSecret(made.secret),
  });
  const disable = useChange({ ...common, change: (api) => disableSubscription(api, id) });
  const remove = useChange({
    ...common,
    change: (api) => deleteSubscription(api, id),
    done: () => void navigate({ to: "/admin/subscriptions" }),
  });
  const dialog = { open: true, onOpenChange: onClose };
  return (
    <>
      {question === "edit" && <EditDialog subscription={subscription} onClose={onClose} />}
      {question === "rotate" && (
        <ConfirmDialog
          {...dialog}
          title={t("subs.rotateTitle", { url })}
          body={t("subs.rotateBody")}
          action={t("subs.rotate")}
          onConfirm={() => rotate.mutateAsync(undefined)}
        />
      )}
      {question === "disable" && (
        <ConfirmDialog
          {...dialog}
          title={t("subs.disableTitle", { url })}
          body={t("subs.disableBody")}
          action={t("subs.disable")}
          onConfirm={() => disable.mutateAsync(undefined)}
        />
      )}
      {question === "delete" && (
        <ConfirmDialog
          {...dialog}
          title={t("subs.deleteTitle", { url })}
          body={t("subs.deleteBody")}
          action={t("subs.delete", { url })}
          danger
          onConfirm={() => remove.mutateAsync(undefined)}
        />
      )}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </>
  );
}
