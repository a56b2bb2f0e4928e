import type { ChannelAccount } from "~/api/types";
import type { Tone } from "~/ui/Badge";

export interface Standing {
  tone: Tone;
  word: "ok" | "refused" | "missing_secrets" | "unreachable" | "unknown" | "lacking" | "expiring" | "silent";
}

const day = 24 * 60 * 60 * 1000;

/** A token that ends within this time is worth a warning. */
const soon = 7 * day;

/** An answer of the platform that is older than this is no evidence any more. */
const stale = 2 * day;

/** standingOf is how an account is doing. It is green only where the platform itself said so lately. */
export function standingOf({ health }: ChannelAccount, now: number): Standing {
  if (!health?.checked_at || !health.state) return { tone: "neutral", word: "unknown" };
  switch (health.state) {
    case "refused":
    case "missing_secrets":
      return { tone: "bad", word: health.state };
    case "ok":
      break;
    default:
      return { tone: "warn", word: "unreachable" };
  }
  if (health.lacks.length > 0) return { tone: "warn", word: "lacking" };
  if (health.expires_at && Date.parse(health.expires_at) - now < soon) return { tone: "warn", word: "expiring" };
  if (now - Date.parse(health.checked_at) > stale) return { tone: "neutral", word: "silent" };
  return { tone: "ok", word: "ok" };
}
