import type { OwnFile } from "./outbox";
import type { Vault } from "./vault";

/** What the visitor has begun and not sent. */
export interface Draft {
  text: string;
  /** Files that are uploaded already. */
  files: OwnFile[];
  reply_to?: string;
}

const nothing: Draft = { text: "", files: [] };

/** readDraft is what an earlier page kept. */
export function readDraft(vault: Vault): Draft {
  try {
    return { ...nothing, ...(JSON.parse(vault.get("draft") ?? "{}") as Partial<Draft>) };
  } catch {
    return nothing;
  }
}

export function keepDraft(vault: Vault, draft: Draft): void {
  if (draft.text === "" && draft.files.length === 0 && !draft.reply_to) vault.delete("draft");
  else vault.set("draft", JSON.stringify(draft));
}
