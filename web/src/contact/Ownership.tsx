import { Tag, UserPlus } from "lucide-react";
import type { Conversation } from "~/api/types";
import { useConversationActions } from "~/conversation-actions";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/IconButton";
import { LabelChip } from "~/ui/LabelChip";
import { Section } from "./Section";
import { t } from "./text";

/** Who looks after the conversation, and what it is about. */
export function Ownership({ conversation }: { conversation: Conversation }) {
  const actions = useConversationActions();
  const { id, assignee, labels } = conversation;
  return (
    <>
      <Section
        title={t("owner.title")}
        action={
          <IconButton
            icon={UserPlus}
            label={t("owner.change")}
            shortcut="A"
            onClick={() => actions.ask("assign", [id])}
          />
        }
      >
        {assignee ? (
          <p className="flex items-center gap-2">
            <Avatar name={assignee.name} size={24} />
            {assignee.name}
          </p>
        ) : (
          <p className="text-text-3">{t("owner.nobody")}</p>
        )}
      </Section>
      <Section
        title={t("labels.title")}
        action={
          <IconButton icon={Tag} label={t("labels.change")} shortcut="L" onClick={() => actions.ask("label", [id])} />
        }
      >
        {labels.length === 0 && <p className="text-text-3">{t("labels.none")}</p>}
        <div className="flex flex-wrap gap-1">
          {labels.map((label) => (
            <LabelChip
              key={label.id}
              label={label}
              removeText={t("labels.remove", { name: label.name })}
              onRemove={() => void actions.label([id], [], [label.id])}
            />
          ))}
        </div>
      </Section>
    </>
  );
}
