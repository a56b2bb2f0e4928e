import { usePresences } from "~/api/realtime";
import { Avatar } from "~/ui/Avatar";
import { Tooltip } from "~/ui/Tooltip";
import { useThread } from "../context";
import { t } from "../text";

/** Which colleagues look at the conversation now: two who answer the same customer should know of each other. */
export function Viewers() {
  const { conversation, me } = useThread();
  const others = usePresences(conversation.id).filter(({ agent }) => agent.id !== me?.id);
  if (others.length === 0) return null;
  return (
    <ul aria-label={t("header.viewers")} className="flex -space-x-1">
      {others.map(({ agent, state }) => {
        const words = t(state === "typing" ? "header.typing" : "header.viewing", { name: agent.name });
        return (
          <li key={agent.id}>
            <Tooltip text={words}>
              <span
                className={`inline-flex rounded-full ${state === "typing" ? "ring-2 ring-warn" : "ring-1 ring-line"}`}
              >
                <Avatar name={agent.name} size={24} />
                <span className="sr-only">{words}</span>
              </span>
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}
