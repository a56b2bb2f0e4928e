import type { Api } from "~/api/client";
import { updateConversation, updateConversations } from "~/api/operations";
import { Problem } from "~/api/problem";
import type { BulkChanges, Conversation } from "~/api/types";

/** What became of a change of several conversations. */
export interface Outcome {
  /** As the server answered, where it answers with the whole conversation. */
  changed: Conversation[];
  failed: { id: string; error: unknown }[];
}

const mostAtOnce = 100;

/** Asks the server for the changes. It does not throw: each conversation has an outcome of its own. */
export async function sendChanges(api: Api, ids: string[], changes: BulkChanges): Promise<Outcome> {
  const { add_label_ids, remove_label_ids, read, ...own } = changes;
  const only = ids.length === 1 && !add_label_ids && !remove_label_ids && read === undefined ? ids[0] : undefined;
  if (only) {
    return updateConversation(api, only, own).then(
      (conversation) => ({ changed: [conversation], failed: [] }),
      (error: unknown) => ({ changed: [], failed: [{ id: only, error }] }),
    );
  }
  const outcome: Outcome = { changed: [], failed: [] };
  for (let from = 0; from < ids.length; from += mostAtOnce) {
    const some = ids.slice(from, from + mostAtOnce);
    // One after the other: hundreds of changes at once would hold up what colleagues do.
    // oxlint-disable-next-line no-await-in-loop
    outcome.failed.push(...(await failures(api, some, changes)));
  }
  return outcome;
}

async function failures(api: Api, ids: string[], changes: BulkChanges): Promise<Outcome["failed"]> {
  try {
    const results = await updateConversations(api, ids, changes);
    return results
      .filter((result) => !result.ok)
      .map(({ id, problem }) => ({ id, error: problem ? new Problem(problem) : undefined }));
  } catch (error) {
    return ids.map((id) => ({ id, error }));
  }
}
