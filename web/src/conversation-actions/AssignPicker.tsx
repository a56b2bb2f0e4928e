import { useAgents, useMe } from "~/api/queries";
import { Avatar } from "~/ui/Avatar";
import { Picker, type PickerItem } from "~/ui/Picker";
import { t } from "./text";

const nobody = "nobody";

interface AssignPickerProps {
  /** Who has it now: an id, null for nobody, undefined if several differ. */
  current?: string | null;
  onPick(agent: string | null): void;
}

/** Who is to answer: oneself first, then colleagues who are there, then those who are away. */
export function AssignPicker({ current, onPick }: AssignPickerProps) {
  const { data: agents = [] } = useAgents();
  const me = useMe().data?.id;
  const people = agents
    .filter((agent) => agent.state === "active")
    .toSorted(
      (a, b) =>
        Number(b.id === me) - Number(a.id === me) ||
        Number(b.available) - Number(a.available) ||
        a.name.localeCompare(b.name),
    )
    .map((agent): PickerItem => {
      const load = t("assign.load", { n: agent.open_conversations });
      return {
        id: agent.id,
        label: agent.id === me ? t("assign.me", { name: agent.name }) : agent.name,
        hint: agent.available ? load : t("assign.away"),
        before: <Avatar name={agent.name} size={20} />,
        checked: agent.id === current,
      };
    });
  const items = [...people, { id: nobody, label: t("assign.nobody"), checked: current === null }];
  return (
    <Picker
      label={t("assign.find")}
      empty={t("assign.empty")}
      items={items}
      onPick={({ id }) => onPick(id === nobody ? null : id)}
    />
  );
}
