import { usePresences } from "~/api/realtime";
import { list } from "~/i18n/format";
import { useThread } from "../context";
import { t } from "./text";

/** That a colleague is answering at the moment, above where the agent would. */
export function Colleagues() {
  const { conversation, me } = useThread();
  const writing = usePresences(conversation.id).filter(({ state, agent }) => state === "typing" && agent.id !== me?.id);
  if (writing.length === 0) return null;
  const names = list(writing.map(({ agent }) => agent.name));
  return (
    <p className="bg-warn-soft px-3 py-1 text-chip font-medium text-warn">
      {t("colleagues.writing", { n: writing.length, names })}
    </p>
  );
}
