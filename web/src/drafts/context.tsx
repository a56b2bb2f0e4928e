import { createContext, type ReactNode, useCallback, useContext, useMemo, useSyncExternalStore } from "react";
import { useMe } from "~/api/queries";
import { lastingStorage } from "~/browser/storage";
import { Drafts, type Mode } from "./drafts";

const DraftsContext = createContext<Drafts | null>(null);

/** Gives the page the drafts of the agent who is signed in. */
export function DraftsProvider({ children }: { children: ReactNode }) {
  const agent = useMe().data?.id ?? "";
  const drafts = useMemo(() => new Drafts(lastingStorage(), agent), [agent]);
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

export function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext);
  if (!drafts) throw new Error("useDrafts outside of DraftsProvider");
  return drafts;
}

/** What an agent has written in a conversation and not sent, for its row in the list: the reply, else the note. */
export function useDraftPreview(conversation: string): { mode: Mode; text: string } | null {
  const drafts = useDrafts();
  const mode = useCallback((): Mode | null => {
    if (drafts.get(conversation, "reply").text.trim()) return "reply";
    return drafts.get(conversation, "note").text.trim() ? "note" : null;
  }, [drafts, conversation]);
  const shown = useSyncExternalStore(drafts.subscribe, mode);
  return shown && { mode: shown, text: drafts.get(conversation, shown).text };
}
