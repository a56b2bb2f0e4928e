import { AlertDialog } from "radix-ui";
import { useState } from "react";
import { t } from "~/i18n";
import { Button } from "~/ui/Button";
import { returnFocus } from "~/ui/return-focus";
import { wordsFor } from "~/ui/toasts";
import { useSession } from "./context";

/** Nothing can be done until the agent signs in again, here or in another tab; nothing is lost either. */
export function ExpiredDialog() {
  const session = useSession();
  const [failure, setFailure] = useState<string | null>(null);
  const signIn = () => session.signIn().catch((error: unknown) => setFailure(wordsFor(error).text));
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-50 bg-scrim" />
        <AlertDialog.Content
          onCloseAutoFocus={returnFocus}
          className="fixed top-1/2 left-1/2 z-50 flex w-96 max-w-[calc(100vw-24px)] -translate-x-1/2 -translate-y-1/2 flex-col gap-3 rounded-bubble bg-surface p-4 shadow-overlay"
        >
          <AlertDialog.Title className="text-title font-semibold">{t("session.expired.title")}</AlertDialog.Title>
          <AlertDialog.Description>{t("session.expired.body")}</AlertDialog.Description>
          {failure && <p className="text-bad">{failure}</p>}
          <Button variant="primary" className="self-end" onClick={() => void signIn()}>
            {t("session.signIn")}
          </Button>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
