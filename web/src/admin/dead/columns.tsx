import type { DeadLetter } from "~/api/admin-operations";
import { dateTime } from "~/i18n/format";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Checkbox } from "~/ui/Checkbox";
import { Time } from "~/ui/Time";
import { ChannelName } from "../parts/ChannelName";
import type { Column } from "../parts/Table";
import { t } from "../text";

interface Handlers {
  selected: ReadonlySet<string>;
  toggle(id: string, on: boolean): void;
  show(id: string): void;
}

/** How a letter is called, for those who hear the buttons of a row without the row. */
const name = (letter: DeadLetter) => ({ kind: letter.kind, time: dateTime(letter.died_at) });

export function deadLetterColumns({ selected, toggle, show }: Handlers): Column<DeadLetter>[] {
  return [
    {
      key: "selected",
      title: t("page.actions"),
      hideTitle: true,
      cell: (letter) => (
        <Checkbox
          hideLabel
          label={t("dead.select", name(letter))}
          checked={selected.has(letter.id)}
          onChange={(on) => toggle(letter.id, on)}
        />
      ),
    },
    { key: "kind", title: t("dead.kind"), names: true, cell: (letter) => letter.kind },
    {
      key: "channel",
      title: t("dead.channel"),
      cell: (letter) => letter.channel && <ChannelName channel={letter.channel} />,
    },
    {
      key: "reason",
      title: t("dead.why"),
      cell: (letter) => <span className="line-clamp-3 [overflow-wrap:anywhere]">{letter.reason}</span>,
    },
    { key: "died", title: t("dead.died"), cell: (letter) => <Time at={letter.died_at} /> },
    {
      key: "show",
      title: t("dead.show"),
      hideTitle: true,
      cell: (letter) => (
        <span className="flex items-center justify-end gap-2">
          {letter.redriven_at && <Badge tone="warn">{t("dead.diedAgain")}</Badge>}
          <Button aria-label={t("dead.showOf", name(letter))} onClick={() => show(letter.id)}>
            {t("dead.show")}
          </Button>
        </span>
      ),
    },
  ];
}
