import type { SubscriptionEdits } from "~/api/admin-operations";
import { Problem } from "~/api/problem";
import { TextField } from "~/ui/Field";
import { ChannelChoice } from "../parts/ChannelChoice";
import { Choice } from "../parts/Choice";
import { t } from "../text";
import { eventTypes } from "./event-types";

export const steps = ["endpoint", "events", "channels"] as const;

export type Problems = Partial<Record<keyof SubscriptionEdits, string>>;

/** What is wrong with which field; a list's items are the list's. */
export function problemsOf(error: unknown): Problems {
  if (!(error instanceof Problem)) return {};
  const of = (field: string) => error.errors.find(({ location }) => location.startsWith(`body.${field}`))?.message;
  return { url: of("url"), description: of("description"), types: of("types"), channels: of("channels") };
}

interface FieldsProps {
  step: (typeof steps)[number];
  edits: SubscriptionEdits;
  onChange(change: Partial<SubscriptionEdits>): void;
  problems: Problems;
}

/** The fields of one step. */
export function StepFields({ step, edits, onChange, problems }: FieldsProps) {
  if (step === "events")
    return (
      <Choice
        legend={t("subs.events")}
        hint={t("subs.eventsHint")}
        error={problems.types}
        options={eventTypes.map((type) => ({ value: type, label: type }))}
        chosen={edits.types}
        onChange={(types) => onChange({ types })}
      />
    );
  if (step === "channels")
    return (
      <ChannelChoice
        legend={t("subs.channels")}
        hint={t("subs.channelsHint")}
        error={problems.channels}
        chosen={edits.channels}
        onChange={(channels) => onChange({ channels })}
      />
    );
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label={t("subs.url")}
        hint={t("subs.urlHint")}
        type="url"
        required
        value={edits.url}
        error={problems.url}
        onChange={(event) => onChange({ url: event.target.value })}
      />
      <TextField
        label={t("subs.description")}
        value={edits.description}
        error={problems.description}
        onChange={(event) => onChange({ description: event.target.value })}
      />
    </div>
  );
}
