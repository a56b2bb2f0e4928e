import { useRouter } from "@tanstack/react-router";
import { LogIn } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "~/i18n";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { useSession } from "./context";

/** Takes the issuer's answer and goes back to where the agent was. */
export function CallbackPage() {
  const session = useSession();
  const router = useRouter();
  const [failure, setFailure] = useState<string | null>(null);
  // A code works once: neither a second effect nor the back button may spend it again.
  const begun = useRef(false);

  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    session.complete(new URLSearchParams(location.search)).then(
      (returnTo) => router.history.replace(returnTo),
      (error: unknown) => setFailure(error instanceof Error ? error.message : String(error)),
    );
  }, [session, router]);

  if (failure === null) return <p className="p-6 text-text-2">{t("app.loading")}</p>;
  return (
    <EmptyState alert icon={LogIn} title={t("session.failed.title")} hint={failure}>
      <Button variant="primary" onClick={() => void session.signIn("/")}>
        {t("session.signIn")}
      </Button>
    </EmptyState>
  );
}
