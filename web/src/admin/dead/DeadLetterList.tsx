import { PartyPopper, SearchX } from "lucide-react";
import { useState } from "react";
import type { DeadFilter, DeadLetter } from "~/api/admin-operations";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/Pages";
import { Table } from "../parts/Table";
import { t } from "../text";
import { deadLetterColumns } from "./columns";
import type { What } from "./RedriveDialog";
import { useDeadLetters } from "./use-dead-letters";

interface ListProps {
  filter: DeadFilter;
  onClear(): void;
  onShow(id: string): void;
  onRedrive(what: What): void;
}

export function DeadLetterList({ filter, onClear, onShow, onRedrive }: ListProps) {
  const letters = useDeadLetters(filter);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string, on: boolean) => setSelected((before) => changed(before, id, on));
  return (
    <Loaded query={letters}>
      {(all) =>
        all.length === 0 ? (
          <Nothing filtered={Object.values(filter).some(Boolean)} onClear={onClear} />
        ) : (
          <>
            <Toolbar filter={filter} letters={all} selected={selected} onSelect={setSelected} onRedrive={onRedrive} />
            <Table
              label={t("dead.title")}
              columns={deadLetterColumns({ selected, toggle, show: onShow })}
              rows={all}
              rowKey={(letter) => letter.id}
            />
            <More pages={letters} />
          </>
        )
      }
    </Loaded>
  );
}

function changed(set: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear(): void }) {
  if (!filtered) return <EmptyState icon={PartyPopper} title={t("dead.none")} hint={t("dead.noneHint")} />;
  return (
    <EmptyState icon={SearchX} title={t("page.noMatch")}>
      <Button onClick={onClear}>{t("page.clearFilters")}</Button>
    </EmptyState>
  );
}

interface ToolbarProps {
  filter: DeadFilter;
  letters: DeadLetter[];
  selected: ReadonlySet<string>;
  onSelect(ids: ReadonlySet<string>): void;
  onRedrive(what: What): void;
}

function Toolbar({ filter, letters, selected, onSelect, onRedrive }: ToolbarProps) {
  const n = selected.size;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button onClick={() => onSelect(new Set(letters.map((letter) => letter.id)))}>{t("dead.selectAll")}</Button>
      <span role="status" className="text-chip text-text-2">
        {n > 0 && t("dead.chosen", { n })}
      </span>
      <span className="ml-auto flex flex-wrap gap-2">
        {n > 0 && (
          <Button variant="primary" onClick={() => onRedrive({ ids: [...selected] })}>
            {t("dead.redriveChosen", { n })}
          </Button>
        )}
        <Button onClick={() => onRedrive({ filter })}>{t("dead.redriveFilter")}</Button>
      </span>
    </div>
  );
}
