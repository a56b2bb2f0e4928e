import { useQueryClient } from "@tanstack/react-query";
import { keys } from "~/api/keys";
import { updateMe } from "~/api/operations";
import type { Me } from "~/api/types";
import { Facts } from "~/admin/parts/Facts";
import { useChange } from "~/admin/parts/use-change";
import { Switch } from "~/ui/Switch";
import { Section } from "./Section";
import { t } from "./text";

export function Profile({ me }: { me: Me }) {
  const client = useQueryClient();
  const save = useChange({
    change: (api, available: boolean) => updateMe(api, { available }),
    stale: [keys.agents],
    failed: t("failed"),
    done: (changed) => client.setQueryData(keys.me, changed),
  });
  return (
    <Section title={t("you.title")} intro={t("you.from")}>
      <Facts
        facts={[
          [t("you.name"), me.name],
          [t("you.email"), me.email],
          [t("you.role"), t(`you.role.${me.role}`)],
        ]}
      />
      <Switch
        label={t("you.available")}
        hint={t("you.availableHint")}
        checked={save.isPending ? save.variables : me.available}
        onChange={(available) => save.mutate(available)}
      />
    </Section>
  );
}
