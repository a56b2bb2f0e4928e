import type { Activity } from "~/api/types";
import { dateTime, list } from "~/i18n/format";
import { t } from "../text";

type Detail = Record<string, unknown>;

/** What happened to a conversation, in a sentence. */
export function wordsFor({ action, agent, detail: raw }: Activity): string {
  const who = agent?.name ?? t("activity.product");
  const detail: Detail = typeof raw === "object" && raw !== null ? (raw as Detail) : {};
  switch (action) {
    case "conversation.status":
      return statusWords(who, detail);
    case "conversation.assigned":
      return assignedWords(who, agent?.id, detail);
    case "conversation.labeled":
      return labelWords(who, detail);
    case "contact.merged":
      return t("activity.merged", { who });
    case "contact.edited":
    case "contact.updated":
      return t("activity.contact", { who });
  }
  if (action.startsWith("platform.")) return platformWords(action.slice("platform.".length), detail);
  return t("activity.other", { who, action: action.replace(/[._]/g, " ") });
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Of an object its member, of anything else nothing. */
function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Detail)[name] : undefined;
}

function statusWords(who: string, { is }: Detail): string {
  const until = text(member(is, "until"));
  switch (text(member(is, "status"))) {
    case "open":
      return t("activity.opened", { who });
    case "pending":
      return t("activity.pending", { who });
    case "resolved":
      return t("activity.resolved", { who });
    case "snoozed":
      return until ? t("activity.snoozedUntil", { who, until: dateTime(until) }) : t("activity.snoozed", { who });
  }
  return t("activity.status", { who });
}

function assignedWords(who: string, by: string | null | undefined, { is }: Detail): string {
  const to = text(member(is, "id"));
  if (!to) return t("activity.unassigned", { who });
  if (to === by) return t("activity.took", { who });
  return t("activity.assigned", { who, to: text(member(is, "name")) ?? t("activity.colleague") });
}

function labelWords(who: string, detail: Detail): string {
  const [added, removed] = [namesOf(detail.added), namesOf(detail.removed)];
  if (added.length > 0 && removed.length === 0) return t("activity.labeled", { who, labels: list(added) });
  if (removed.length > 0 && added.length === 0) return t("activity.unlabeled", { who, labels: list(removed) });
  return t("activity.labels", { who });
}

const namesOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.map((one: unknown) => text(member(one, "name"))).filter((name) => name !== undefined)
    : [];

const platform = [
  "call",
  "referral",
  "optin",
  "handover",
  "group",
  "preference",
  "identity",
  "service",
  "error",
  "system",
] as const;

function platformWords(type: string, detail: Detail): string {
  const known = platform.find((one) => one === type);
  const what = known ? t(`platform.${known}`) : t("platform.other", { type: type.replaceAll("_", " ") });
  const said = text(detail.text) ?? text(detail.detail)?.replaceAll("_", " ");
  return said ? t("platform.said", { what, text: said }) : what;
}
