import { useState } from "react";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { t } from "../text";

/** Shows a signing secret, which is never shown again. It closes by its button only: a click beside it must not lose the secret. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose(): void }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <Dialog
      open
      onOpenChange={() => undefined}
      title={t("subs.secret.title")}
      description={t("subs.secret.body")}
      footer={
        <>
          <Button onClick={() => void copy()}>{t(copied ? "page.copied" : "subs.secret.copy")}</Button>
          <Button variant="primary" onClick={onClose}>
            {t("subs.secret.done")}
          </Button>
        </>
      }
    >
      <TextField
        label={t("subs.secret.label")}
        readOnly
        value={secret}
        className="font-mono"
        onFocus={(event) => event.target.select()}
      />
    </Dialog>
  );
}
