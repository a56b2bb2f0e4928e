import { LogIn } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { t } from "~/i18n";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { useSession, useSignedIn } from "./session/context";
import { Entry } from "./Entry";

const ExpiredDialog = lazy(() =>
  import("./session/ExpiredDialog").then((module) => ({ default: module.ExpiredDialog })),
);

/** The shell for whoever is signed in, and the way in for whoever is not. */
export function SignedIn() {
  const signedIn = useSignedIn();
  const [began, setBegan] = useState(signedIn);
  if (signedIn && !began) setBegan(true);
  if (!began) return <SignedOut />;
  // When a session ends under the agent's hands the page stays as it is, with everything that was typed.
  return (
    <>
      <Entry />
      <Suspense>{!signedIn && <ExpiredDialog />}</Suspense>
    </>
  );
}

function SignedOut() {
  const session = useSession();
  return (
    <main className="h-full">
      <EmptyState icon={LogIn} title={t("session.signedOut.title")} hint={t("session.signedOut.body")}>
        <Button variant="primary" onClick={() => void session.signIn()}>
          {t("session.signIn")}
        </Button>
      </EmptyState>
    </main>
  );
}
