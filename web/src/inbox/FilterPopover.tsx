import { useNavigate } from "@tanstack/react-router";
import { ListFilter } from "lucide-react";
import { useAgents, useChannels, useLabels } from "~/api/queries";
import { t as actions } from "~/conversation-actions/text";
import { Button } from "~/ui/Button";
import { Checkbox } from "~/ui/Checkbox";
import { SelectField } from "~/ui/Field";
import { IconButton } from "~/ui/IconButton";
import { Popover } from "~/ui/Popover";
import { type InboxSearch, isFiltered, type View, withoutFilters } from "./search";
import { t } from "./text";

/** What to show only. Each choice takes effect at once, and stands in the address. */
export function FilterPopover({ view, search }: { view: View; search: InboxSearch }) {
  const set = Object.keys(search).filter((name) => name !== "sort" && name !== "message").length;
  const label = set > 0 ? t("filter.active", { n: set }) : t("filter.open");
  return (
    <Popover
      align="end"
      label={t("filter.title")}
      trigger={<IconButton icon={ListFilter} label={label} pressed={set > 0} side="bottom" />}
    >
      <Filters view={view} search={search} />
    </Popover>
  );
}

function Filters({ view, search }: { view: View; search: InboxSearch }) {
  const navigate = useNavigate();
  const { data: channels = [] } = useChannels();
  const { data: agents = [] } = useAgents();
  const { data: labels = [] } = useLabels();
  const change = (changes: Partial<InboxSearch>) =>
    void navigate({ to: ".", params: { view }, search: { ...search, ...changes } });
  const accounts = channels
    .filter((each) => !search.channel || each.name === search.channel)
    .flatMap((each) => each.accounts);
  const any = (text: string) => ({ value: "", label: text });

  return (
    <div className="flex w-64 flex-col gap-3 p-1">
      <SelectField
        label={t("filter.status")}
        value={search.status ?? "open"}
        options={[
          ...(["open", "pending", "snoozed", "resolved"] as const).map((value) => ({
            value,
            label: actions(`status.${value}`),
          })),
          { value: "all", label: t("filter.status.all") },
        ]}
        onChange={(event) =>
          change({ status: event.target.value === "open" ? undefined : (event.target.value as InboxSearch["status"]) })
        }
      />
      <SelectField
        label={t("filter.channel")}
        value={search.channel ?? ""}
        options={[any(t("filter.channel.any")), ...channels.map((each) => ({ value: each.name, label: each.title }))]}
        onChange={(event) => change({ channel: event.target.value || undefined, account: undefined })}
      />
      <SelectField
        label={t("filter.account")}
        value={search.account ?? ""}
        options={[
          any(t("filter.account.any")),
          ...accounts.map((each) => ({ value: each.id, label: each.name || each.external_id })),
        ]}
        onChange={(event) => change({ account: event.target.value || undefined })}
      />
      {view === "all" && (
        <SelectField
          label={t("filter.assignee")}
          value={search.assignee ?? ""}
          options={[
            any(t("filter.assignee.any")),
            { value: "none", label: t("filter.assignee.none") },
            ...agents.map((each) => ({ value: each.id, label: each.name })),
          ]}
          onChange={(event) => change({ assignee: event.target.value || undefined })}
        />
      )}
      <SelectField
        label={t("filter.label")}
        value={search.label ?? ""}
        options={[any(t("filter.label.any")), ...labels.map((each) => ({ value: each.id, label: each.name }))]}
        onChange={(event) => change({ label: event.target.value || undefined })}
      />
      <Checkbox
        label={t("filter.unread")}
        checked={search.unread ?? false}
        onChange={(unread) => change({ unread: unread || undefined })}
      />
      {isFiltered(search) && (
        <Button onClick={() => void navigate({ to: ".", params: { view }, search: withoutFilters(search) })}>
          {t("filter.clear")}
        </Button>
      )}
    </div>
  );
}
