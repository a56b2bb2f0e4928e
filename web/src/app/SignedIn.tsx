import { LogIn } from "lucide-react";
import { t } from "~/i18n";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { useSession, useSignedIn } from "./session/context";
import { Shell } from "./Shell";

/** The shell for whoever is signed in, and the way in for whoever is not. */
export function SignedIn() {
  const session = useSession();
  if (useSignedIn()) return <Shell />;
  return (
    <EmptyState icon={LogIn} title={t("session.signedOut.title")} hint={t("session.signedOut.body")}>
      <Button variant="primary" onClick={() => void session.signIn()}>
        {t("session.signIn")}
      </Button>
    </EmptyState>
  );
}
