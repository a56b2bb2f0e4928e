import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "~/ui/Dialog";
import type { Actions } from "./actions";
import { AssignPicker } from "./AssignPicker";
import { knownConversations } from "./known";
import { LabelPicker } from "./LabelPicker";
import { SnoozeDialog } from "./SnoozeDialog";
import { t } from "./text";

/** What is being asked, and about which conversations. */
export interface Asked {
  about: "assign" | "label" | "snooze";
  ids: string[];
}

interface AskDialogsProps {
  asked: Asked;
  actions: Actions;
  onClose(): void;
}

/** The questions that a key or a menu leads to. */
export function AskDialogs({ asked: { about, ids }, actions, onClose }: AskDialogsProps) {
  const n = ids.length;
  if (about === "snooze")
    return <SnoozeDialog n={n} onClose={onClose} onSnooze={(until) => void actions.snooze(ids, until)} />;
  return (
    <Dialog open onOpenChange={onClose} title={about === "assign" ? t("assign.title", { n }) : t("label.title", { n })}>
      {about === "assign" ? (
        <AskAssignee ids={ids} actions={actions} onClose={onClose} />
      ) : (
        <AskLabels ids={ids} actions={actions} />
      )}
    </Dialog>
  );
}

function AskAssignee({ ids, actions, onClose }: { ids: string[]; actions: Actions; onClose(): void }) {
  const client = useQueryClient();
  const [current] = useState(() => {
    const owners = new Set(knownConversations(client, ids).map((each) => each.assignee?.id ?? null));
    return owners.size === 1 ? [...owners][0] : undefined;
  });
  return (
    <AssignPicker
      current={current}
      onPick={(agent) => {
        void actions.assign(ids, agent);
        onClose();
      }}
    />
  );
}

function AskLabels({ ids, actions }: { ids: string[]; actions: Actions }) {
  const client = useQueryClient();
  // The conversations as they were shown last: a change shows in the cache first, and turns the picker's marks with it.
  const [conversations, setConversations] = useState(() => knownConversations(client, ids));
  const change = (label: string, add: boolean) => {
    const made = actions.label(ids, add ? [label] : [], add ? [] : [label]);
    const show = () => setConversations(knownConversations(client, ids));
    show();
    void made.then(show);
  };
  return <LabelPicker conversations={conversations} onChange={change} />;
}
