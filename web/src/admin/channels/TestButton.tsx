import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "~/api/context";
import { keys } from "~/api/keys";
import { checkAccount, listChannels } from "~/api/operations";
import type { ChannelAccount } from "~/api/types";
import { Button } from "~/ui/Button";
import { useChange } from "../parts/use-change";
import { t } from "../text";

/** How often and how long the answer is looked for. */
const every = 1000;
const most = 20;

/** Asks the platform now. The answer comes by way of the sender: the list is asked for it until it is there, or for 20 s. */
export function TestButton({ channel, account }: { channel: string; account: ChannelAccount }) {
  const api = useApi();
  const [asked, setAsked] = useState<{ before: string | null } | null>(null);
  const [looks, setLooks] = useState(0);
  const answered = asked !== null && account.health?.checked_at !== asked.before;
  const waiting = asked !== null && !answered && looks < most;
  useQuery({
    queryKey: keys.channels,
    queryFn: ({ signal }) => {
      setLooks((count) => count + 1);
      return listChannels(api, signal);
    },
    enabled: waiting,
    refetchInterval: waiting ? every : false,
  });
  const check = useChange({
    change: (api) => checkAccount(api, channel, account.credential_account),
    stale: [],
    failed: t("channels.testFailed"),
    done: () => {
      setLooks(0);
      setAsked({ before: account.health?.checked_at ?? null });
    },
  });
  return (
    <>
      <span role="status" className="self-center text-chip text-text-2">
        {waiting && t("channels.testing")}
        {answered && t("channels.tested")}
        {asked && !answered && !waiting && t("channels.asked")}
      </span>
      <Button busy={check.isPending || waiting} onClick={() => check.mutate(undefined)}>
        {t("channels.test")}
      </Button>
    </>
  );
}
