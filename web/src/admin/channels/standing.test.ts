import { describe, expect, it } from "vitest";
import { aChannel, noon } from "~/api/fake/objects";
import type { AccountHealth, ChannelAccount } from "~/api/types";
import { standingOf } from "./standing";

const now = Date.parse(noon);
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();

const healthy: AccountHealth = {
  state: "ok",
  since: at(-900),
  detail: "",
  expires_at: null,
  lacks: [],
  checked_at: at(-1),
};

function account(health: Partial<AccountHealth> | null): ChannelAccount {
  const [one] = aChannel().accounts;
  if (!one) throw new Error("a channel of tests has an account");
  return { ...one, health: health && { ...healthy, ...health } };
}

describe("standingOf", () => {
  it.each([
    ["nobody has asked", null, "neutral unknown"],
    ["the platform said so lately", {}, "ok ok"],
    ["it said so too long ago", { checked_at: at(-49) }, "neutral silent"],
    ["the token is refused", { state: "refused" }, "bad refused"],
    ["there are no secrets", { state: "missing_secrets" }, "bad missing_secrets"],
    ["the platform did not answer", { state: "unreachable" }, "warn unreachable"],
    ["permissions are missing", { lacks: ["pages_messaging"] }, "warn lacking"],
    ["the token ends in a day", { expires_at: at(24) }, "warn expiring"],
    ["the token ends in a month", { expires_at: at(24 * 30) }, "ok ok"],
  ] as const)("is honest when %s", (_, health, want) => {
    const { tone, word } = standingOf(
      account(health && { ...health, lacks: [...("lacks" in health ? health.lacks : [])] }),
      now,
    );
    expect(`${tone} ${word}`).toBe(want);
  });
});
