import { useState } from "react";
import { keys } from "~/api/keys";
import { updateAgent } from "~/api/operations";
import { useAgents, useMe } from "~/api/queries";
import type { Agent } from "~/api/types";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { ConfirmDialog } from "~/ui/Dialog";
import { Switch } from "~/ui/Switch";
import { Time } from "~/ui/Time";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { useChange } from "../parts/use-change";
import { t } from "../text";

type AgentChange = { id: string; state?: Agent["state"]; available?: boolean };

export function AgentsPage() {
  const agents = useAgents();
  const [leaving, setLeaving] = useState<Agent | null>(null);
  const change = useChange({
    change: (api, { id, ...body }: AgentChange) => updateAgent(api, id, body),
    stale: [keys.agents],
    failed: t("agents.changing"),
  });
  return (
    <Page title={t("agents.title")} intro={t("agents.intro")}>
      <Loaded query={agents}>
        {(all) => (
          <Table
            label={t("agents.title")}
            columns={columns(change.mutate, setLeaving)}
            rows={all}
            rowKey={(agent) => agent.id}
          />
        )}
      </Loaded>
      {leaving && (
        <ConfirmDialog
          open
          onOpenChange={() => setLeaving(null)}
          title={t("agents.disable", { name: leaving.name })}
          body={t("agents.disableBody")}
          action={t("agents.disable", { name: leaving.name })}
          danger
          onConfirm={() => change.mutateAsync({ id: leaving.id, state: "disabled" })}
        />
      )}
    </Page>
  );
}

function columns(change: (of: AgentChange) => void, disable: (agent: Agent) => void): Column<Agent>[] {
  return [
    { key: "name", title: t("agents.name"), names: true, cell: (agent) => <Who agent={agent} /> },
    { key: "role", title: t("agents.role"), cell: (agent) => t(`agents.role.${agent.role}`) },
    { key: "open", title: t("agents.open"), numeric: true, cell: (agent) => agent.open_conversations },
    {
      key: "seen",
      title: t("agents.seen"),
      cell: (agent) => (agent.last_seen_at ? <Time at={agent.last_seen_at} /> : t("page.never")),
    },
    {
      key: "available",
      title: t("agents.available"),
      cell: (agent) => (
        <Switch
          hideLabel
          label={t("agents.availableOf", { name: agent.name })}
          checked={agent.available}
          disabled={agent.state === "disabled"}
          onChange={(available) => change({ id: agent.id, available })}
        />
      ),
    },
    {
      key: "state",
      title: t("agents.state"),
      cell: (agent) => (
        <Access agent={agent} onEnable={() => change({ id: agent.id, state: "active" })} onDisable={disable} />
      ),
    },
  ];
}

function Who({ agent }: { agent: Agent }) {
  const { data: me } = useMe();
  return (
    <span className="flex items-center gap-3">
      <Avatar name={agent.name} />
      <span>
        {agent.name} {agent.id === me?.id && <Badge>{t("agents.you")}</Badge>}
        <span className="block text-meta font-normal text-text-3">{agent.email}</span>
      </span>
    </span>
  );
}

interface AccessProps {
  agent: Agent;
  onEnable(): void;
  onDisable(agent: Agent): void;
}

/** Whether they are let in. Nobody can shut themselves out. */
function Access({ agent, onEnable, onDisable }: AccessProps) {
  const { data: me } = useMe();
  if (agent.id === me?.id) return <Badge tone="ok">{t("agents.active")}</Badge>;
  if (agent.state === "active")
    return <Button onClick={() => onDisable(agent)}>{t("agents.disable", { name: agent.name })}</Button>;
  return (
    <span className="flex items-center gap-2">
      <Badge tone="bad">{t("agents.disabled")}</Badge>
      <Button onClick={onEnable}>{t("agents.enable", { name: agent.name })}</Button>
    </span>
  );
}
