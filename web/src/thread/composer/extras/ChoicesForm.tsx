import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { NewMessage } from "~/api/types";
import { Button } from "~/ui/Button";
import { TextArea, TextField } from "~/ui/Field";
import { IconButton } from "~/ui/IconButton";
import { Counter } from "../Counter";
import { t } from "../text";
import { ExtraForm } from "./ExtraForm";
import { type ChoiceLimit, choicesOf, faultOf, type Pick } from "./offer";

interface ChoicesFormProps {
  limit: ChoiceLimit;
  question: string;
  onSend(body: NewMessage): void;
  onCancel(): void;
}

const empty: Pick = { title: "", description: "" };

/** A question, and what the customer can pick with one touch. */
export function ChoicesForm({ limit, question, onSend, onCancel }: ChoicesFormProps) {
  const [text, setText] = useState(question);
  const [picks, setPicks] = useState<Pick[]>([empty, empty]);
  const change = (at: number, to: Partial<Pick>) =>
    setPicks(picks.map((pick, n) => (n === at ? { ...pick, ...to } : pick)));
  return (
    <ExtraForm body={choicesOf(limit, text, picks)} onSend={onSend} onCancel={onCancel}>
      <TextArea
        label={t("choices.question")}
        rows={2}
        required
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Counter limit={limit.text} text={text} />
      <ul className="flex flex-col gap-2">
        {picks.map((pick, n) => (
          // A choice is known by its place alone.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={n}>
            <PickFields
              pick={pick}
              n={n + 1}
              limit={limit}
              fault={faultOf(limit, picks, n)}
              onChange={(to) => change(n, to)}
              onRemove={picks.length > 1 ? () => setPicks(picks.filter((_, other) => other !== n)) : undefined}
            />
          </li>
        ))}
      </ul>
      {picks.length < limit.options ? (
        <Button className="self-start" onClick={() => setPicks([...picks, empty])}>
          <Plus aria-hidden size={16} />
          {t("choices.add")}
        </Button>
      ) : (
        <p className="text-meta text-text-3">{t("choices.most", { n: limit.options })}</p>
      )}
    </ExtraForm>
  );
}

interface PickFieldsProps {
  pick: Pick;
  /** Counted from 1. */
  n: number;
  limit: ChoiceLimit;
  fault: ReturnType<typeof faultOf>;
  onChange(to: Partial<Pick>): void;
  /** Missing for the last that is left. */
  onRemove?(): void;
}

function PickFields({ pick, n, limit, fault, onChange, onRemove }: PickFieldsProps) {
  const title = fault === "long" ? t("choices.long", { max: limit.title }) : undefined;
  return (
    <div className="flex items-start gap-2">
      <div className="grid min-w-0 flex-1 gap-2 sm:grid-flow-col sm:auto-cols-fr">
        <TextField
          label={t("choices.title", { n })}
          error={fault === "twice" ? t("choices.twice") : title}
          value={pick.title}
          onChange={(event) => onChange({ title: event.target.value })}
        />
        {limit.description !== undefined && (
          <TextField
            label={t("choices.description", { n })}
            error={fault === "longDescription" ? t("choices.long", { max: limit.description }) : undefined}
            value={pick.description}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        )}
      </div>
      {onRemove && <IconButton className="mt-5" icon={X} label={t("choices.remove", { n })} onClick={onRemove} />}
    </div>
  );
}
