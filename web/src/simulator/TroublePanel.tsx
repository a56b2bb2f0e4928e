import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "~/ui/Button";
import { Field } from "~/ui/Field";
import { getTrouble, putTrouble, type Trouble } from "./backend";
import { t } from "./text";

const none: Trouble = { throttle: 0, refuse: 0, lose: 0, repeat: 0 };
const kinds = ["throttle", "refuse", "lose", "repeat"] as const;

/** What goes wrong between the platforms and us from now on. */
export function TroublePanel() {
  const client = useQueryClient();
  const trouble = useQuery({ queryKey: ["trouble"], queryFn: getTrouble });
  const change = useMutation({
    mutationFn: putTrouble,
    onMutate: (next) => void client.setQueryData(["trouble"], next),
    onError: () => void trouble.refetch(),
  });
  const now = trouble.data ?? none;
  const any = kinds.some((kind) => now[kind] > 0);
  return (
    <section aria-labelledby="trouble" className="flex flex-col gap-2">
      <h2 id="trouble" className="text-title font-semibold">
        {t("trouble.title")}
      </h2>
      {kinds.map((kind) => (
        <Slider
          key={kind}
          kind={kind}
          value={now[kind]}
          onChange={(value) => change.mutate({ ...now, [kind]: value })}
        />
      ))}
      {change.error && (
        <p role="alert" className="text-chip text-bad">
          {change.error.message}
        </p>
      )}
      {any ? (
        <Button onClick={() => change.mutate(none)}>{t("trouble.clear")}</Button>
      ) : (
        <p className="text-chip text-text-2">{t("trouble.none")}</p>
      )}
    </section>
  );
}

interface SliderProps {
  kind: keyof Trouble;
  value: number;
  onChange(value: number): void;
}

function Slider({ kind, value, onChange }: SliderProps) {
  const percent = Math.round(value * 100);
  return (
    <Field label={t(`trouble.${kind}`)}>
      {(control) => (
        <div className="flex items-center gap-2">
          <input
            {...control}
            type="range"
            min={0}
            max={100}
            step={5}
            value={percent}
            aria-valuetext={t("trouble.percent", { n: percent })}
            onChange={(event) => onChange(Number(event.target.value) / 100)}
            className="min-h-6 flex-1 accent-accent"
          />
          <output className="w-12 text-right text-chip tabular-nums">{t("trouble.percent", { n: percent })}</output>
        </div>
      )}
    </Field>
  );
}
