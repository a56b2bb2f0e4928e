import type { ConversationQuery } from "~/api/operations";

/** Which conversations a view starts from. */
export type View = "mine" | "unassigned" | "all";
export const views: View[] = ["mine", "unassigned", "all"];

/** The orders of the list. */
export const sorts = ["recent", "oldest", "waiting"] as const;
export type Sort = (typeof sorts)[number];

/** Filters and order of the list: in the address, so that they can be shared and survive a reload. */
export interface InboxSearch {
  status?: NonNullable<ConversationQuery["status"]>;
  channel?: string;
  account?: string;
  assignee?: string;
  label?: string;
  unread?: true;
  sort?: Sort;
  /** The message to show in the open conversation. */
  message?: string;
}

const statuses = ["pending", "snoozed", "resolved", "all"] as const;

/** Reads what somebody may have typed: anything unknown is left out. */
export function inboxSearch(raw: Record<string, unknown>): InboxSearch {
  const search: InboxSearch = {};
  const status = statuses.find((each) => each === raw.status);
  if (status) search.status = status;
  for (const name of ["channel", "account", "assignee", "label", "message"] as const) {
    const value = raw[name];
    if (typeof value === "string" && value !== "") search[name] = value;
  }
  if (raw.unread === true) search.unread = true;
  const sort = sorts.find((each) => each === raw.sort);
  if (sort) search.sort = sort;
  return search;
}

/** The order that the address names, or else the one that the agent chose last. */
export const sortOf = (search: InboxSearch, preferred: string): Sort =>
  search.sort ?? sorts.find((each) => each === preferred) ?? "recent";

/** What to ask the API for. */
export function queryOf(view: View, search: InboxSearch, sort: Sort): ConversationQuery {
  const query: ConversationQuery = {};
  if (search.status) query.status = search.status;
  if (search.channel) query.channel = search.channel;
  if (search.account) query.account_id = search.account;
  if (search.label) query.label = search.label;
  if (search.unread) query.unread = true;
  if (sort !== "recent") query.sort = sort;
  if (view === "mine") query.assignee = "me";
  else if (view === "unassigned") query.assignee = "none";
  else if (search.assignee) query.assignee = search.assignee;
  return query;
}

/** Whether anything beyond the view narrows the list. */
export const isFiltered = (search: InboxSearch): boolean =>
  Boolean(search.status || search.channel || search.account || search.assignee || search.label || search.unread);

/** The same address without what narrows the list. */
export const withoutFilters = ({ sort, message }: InboxSearch): InboxSearch => ({
  ...(sort && { sort }),
  ...(message && { message }),
});
