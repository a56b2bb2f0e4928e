import { useState } from "react";
import { dateTime } from "~/i18n/format";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { isToCome, localValue, snoozeTimes } from "./snooze-times";
import { t } from "./text";

interface SnoozeDialogProps {
  /** How many conversations it is about. */
  n: number;
  onClose(): void;
  onSnooze(until: Date): void;
}

export function SnoozeDialog({ n, onClose, onSnooze }: SnoozeDialogProps) {
  const [now] = useState(() => new Date());
  const times = snoozeTimes(now);
  const [typed, setTyped] = useState(() => localValue(times[0]?.at ?? now));
  const [error, setError] = useState<string>();

  const set = (until: Date) => {
    if (!isToCome(until)) return setError(t("snooze.past"));
    onSnooze(until);
    onClose();
  };

  return (
    <Dialog open onOpenChange={onClose} title={t("snooze.title", { n })} description={t("snooze.hint")}>
      <div className="flex flex-col gap-1">
        {times.map(({ name, at }) => (
          <Button key={name} variant="quiet" className="justify-between" onClick={() => set(at)}>
            {t(`snooze.${name}`)}
            <span className="text-text-3 tabular-nums">{dateTime(at)}</span>
          </Button>
        ))}
      </div>
      <form
        noValidate
        className="mt-3 flex items-start gap-2 border-t border-line pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          set(new Date(typed));
        }}
      >
        <TextField
          label={t("snooze.at")}
          type="datetime-local"
          min={localValue(now)}
          value={typed}
          error={error}
          onChange={(event) => {
            setTyped(event.target.value);
            setError(undefined);
          }}
        />
        <Button type="submit" variant="primary" className="mt-6">
          {t("snooze.set")}
        </Button>
      </form>
    </Dialog>
  );
}
