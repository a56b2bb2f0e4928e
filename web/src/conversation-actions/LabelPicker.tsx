import { useLabels } from "~/api/queries";
import type { Conversation } from "~/api/types";
import { LabelDot } from "~/ui/LabelChip";
import { Picker } from "~/ui/Picker";
import { t } from "./text";

interface LabelPickerProps {
  conversations: Conversation[];
  onChange(label: string, add: boolean): void;
}

/** The labels of one or several conversations: what only some of them have is added to all. */
export function LabelPicker({ conversations, onChange }: LabelPickerProps) {
  const { data: labels = [] } = useLabels();
  const items = labels.map((label) => {
    const having = conversations.filter((each) => each.labels.some((own) => own.id === label.id)).length;
    const checked = having === conversations.length ? true : having > 0 ? null : false;
    return { id: label.id, label: label.name, before: <LabelDot color={label.color} />, checked };
  });
  return (
    <Picker
      multiple
      label={t("label.find")}
      empty={labels.length === 0 ? t("label.none") : t("label.empty")}
      items={items}
      onPick={({ id, checked }) => onChange(id, checked !== true)}
    />
  );
}
