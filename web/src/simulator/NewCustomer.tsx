import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "~/ui/Button";
import { SelectField, TextField } from "~/ui/Field";
import { openChat, type Chat, type SimulatedChannel } from "./backend";
import { t } from "./text";

/** Makes somebody who has the company's chat on their phone, and has not written yet. */
export function NewCustomer({ channels, onMade }: { channels: SimulatedChannel[]; onMade(chat: Chat): void }) {
  const client = useQueryClient();
  const [channel, setChannel] = useState(channels[0]?.name ?? "");
  const [account, setAccount] = useState("");
  const [name, setName] = useState("");
  const accounts = channels.find((each) => each.name === channel)?.accounts ?? [];
  const make = useMutation({
    mutationFn: () =>
      openChat({ channel, account: account || undefined, customer: name.trim() ? { name: name.trim() } : undefined }),
    onSuccess: (chat) => {
      setName("");
      void client.invalidateQueries({ queryKey: ["chats"] });
      onMade(chat);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form aria-label={t("new.title")} onSubmit={submit} className="flex flex-col gap-2">
      <SelectField
        label={t("new.channel")}
        value={channel}
        onChange={(event) => {
          setChannel(event.target.value);
          setAccount("");
        }}
        options={channels.map((each) => ({ value: each.name, label: each.title }))}
      />
      {accounts.length > 1 && (
        <SelectField
          label={t("new.account")}
          value={account}
          onChange={(event) => setAccount(event.target.value)}
          options={accounts.map((each) => ({ value: each.account, label: `${each.account} (${each.external_id})` }))}
        />
      )}
      <TextField
        label={t("new.name")}
        hint={t("new.nameHint")}
        error={make.error?.message}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" variant="primary" busy={make.isPending}>
        {t("new.add")}
      </Button>
    </form>
  );
}
