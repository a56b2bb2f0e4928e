import { useQuery } from "@tanstack/react-query";
import { type DeadLetterDetail, getDeadLetter } from "~/api/admin-operations";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import type { ReactNode } from "react";
import { dateTime } from "~/i18n/format";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { ChannelName } from "../parts/ChannelName";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { t } from "../text";
import { Raw } from "./Raw";

interface DialogProps {
  id: string;
  onClose(): void;
  onRedrive(): void;
}

/** Everything that is known of one dead letter. */
export function DeadLetterDialog({ id, onClose, onRedrive }: DialogProps) {
  const api = useApi();
  const letter = useQuery({
    queryKey: [...keys.deadLetters, "one", id],
    queryFn: ({ signal }) => getDeadLetter(api, id, signal),
  });
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={t("dead.detail.title")}
      footer={
        letter.data?.state === "dead" && (
          <Button variant="primary" onClick={onRedrive}>
            {t("dead.detail.redrive")}
          </Button>
        )
      }
    >
      <Loaded query={letter}>
        {(found) => (
          <div className="flex flex-col gap-4">
            <p className="text-bad [overflow-wrap:anywhere]">{found.reason}</p>
            <Outlook letter={found} />
            <Facts facts={facts(found)} />
            <Raw letter={found} />
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

/** What sending it again would come to, as far as today's code can tell. */
function Outlook({ letter: { understood_now: understood, error_now: error } }: { letter: DeadLetterDetail }) {
  if (understood === null) return null;
  if (understood) return <p className="text-ok">{t("dead.detail.understood")}</p>;
  return <p className="text-warn [overflow-wrap:anywhere]">{t("dead.detail.diesAgain", { error: error ?? "" })}</p>;
}

const when = (at: string | null | undefined) => at && dateTime(at);

function facts(letter: DeadLetterDetail): [string, ReactNode][] {
  return [
    [t("dead.detail.id"), letter.id],
    [t("dead.kind"), letter.kind],
    [t("dead.channel"), letter.channel && <ChannelName key="channel" channel={letter.channel} />],
    [t("dead.detail.account"), letter.account],
    [t("dead.detail.thread"), letter.thread],
    [t("dead.detail.credentials"), letter.credential_account],
    [t("dead.detail.external"), letter.external_id],
    [t("dead.detail.received"), when(letter.received_at)],
    [t("dead.died"), when(letter.died_at)],
    [t("dead.sentAgain"), when(letter.redriven_at)],
    [t("dead.detail.webhook"), letter.webhook && `${letter.webhook.id} ${letter.webhook.request_id ?? ""}`],
  ];
}
