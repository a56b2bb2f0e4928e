import type { Channel } from "~/api/types";

// What only somebody can mend. A platform that did not answer once is no alarm.
const broken = new Set(["refused", "missing_secrets"]);

/** The accounts through which nothing can be sent until somebody acts. */
export function troubledAccounts(channels: Channel[]): { name: string; detail: string }[] {
  return channels.flatMap((channel) =>
    channel.accounts
      .filter((account) => account.health && broken.has(account.health.state))
      .map((account) => ({
        name: `${channel.title} ${account.name || account.external_id}`,
        detail: account.health?.detail ?? "",
      })),
  );
}
