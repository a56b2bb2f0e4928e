import { CircleAlert, CircleHelp } from "lucide-react";
import type { Message, MessageError } from "~/api/types";
import { Button } from "~/ui/Button";
import { useThread } from "../context";
import { t } from "../text";

/** Why a message was not sent, in words, with what helps. A permanent error offers no second try: it would only fail again. */
export function Trouble({ message, retrying }: { message: Message; retrying: boolean }) {
  const { fix } = useThread();
  const { error, status } = message;
  const failed = status === "failed";
  const Icon = failed ? CircleAlert : CircleHelp;
  const helps = helpFor(message);
  return (
    <div
      className={`mt-1 flex max-w-128 flex-col gap-1 rounded-control px-3 py-2 text-chip ${failed ? "bg-bad-soft text-bad" : "bg-warn-soft text-warn"}`}
    >
      <p className="flex items-start gap-2">
        <Icon aria-hidden size={16} strokeWidth={1.75} className="mt-px shrink-0" />
        <span>
          <span className="font-medium">{t(failed ? "status.failed" : "status.unknown")}</span>
          {error?.reason && <span className="block">{error.reason}</span>}
          {!failed && !error?.reason && <span className="block">{t("trouble.unknown")}</span>}
        </span>
      </p>
      <div className="flex flex-wrap items-center gap-2">
        {helps && (
          <Button busy={retrying} onClick={() => fix(message, helps)}>
            {t(`fix.${helps}`)}
          </Button>
        )}
        {error?.code && (
          <details>
            <summary>{t("trouble.details")}</summary>
            {t("trouble.code", { code: error.code })}
          </details>
        )}
      </div>
    </div>
  );
}

/** What helps: the fix that the server names, and a second try where that may succeed or nobody knows what became of the first. */
export function helpFor({ status, error }: Message): Exclude<MessageError["fix"], "none"> | null {
  if (error && error.fix !== "none" && (error.fix !== "retry" || error.retryable)) return error.fix;
  if (status === "unknown" || error?.retryable) return "retry";
  return null;
}
