import { type FormEvent, useId, useState } from "react";
import { keys } from "~/api/keys";
import { type CannedReplyEdits, createCannedReply, updateCannedReply } from "~/api/operations";
import { useMe } from "~/api/queries";
import type { CannedReply } from "~/api/types";
import { list } from "~/i18n/format";
import { variables } from "~/thread/composer/canned/fill";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextArea, TextField } from "~/ui/Field";
import { Switch } from "~/ui/Switch";
import { ChannelChoice } from "../parts/ChannelChoice";
import { useChange } from "../parts/use-change";
import { t } from "../text";
import { Preview } from "./Preview";

const empty: CannedReplyEdits = { shortcut: "", title: "", text: "", channels: [], shared: false };

/** Makes a canned reply, or changes one. */
export function CannedReplyDialog({ reply, onClose }: { reply: CannedReply | null; onClose(): void }) {
  const form = useId();
  const { data: me } = useMe();
  const [edits, setEdits] = useState<CannedReplyEdits>(() => (reply ? editsOf(reply) : empty));
  const set = (change: Partial<CannedReplyEdits>) => setEdits((before) => ({ ...before, ...change }));
  const save = useChange({
    change: (api, body: CannedReplyEdits) =>
      reply ? updateCannedReply(api, reply.id, body) : createCannedReply(api, body),
    stale: [keys.cannedReplies],
    failed: t("canned.saving"),
    done: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(edits);
  };
  const wrong = (field: keyof CannedReplyEdits) => save.problem?.field(field);
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={reply ? t("canned.edit", { title: reply.title }) : t("canned.new")}
      footer={
        <>
          <Button onClick={onClose}>{t("page.cancel")}</Button>
          <Button type="submit" form={form} variant="primary" busy={save.isPending}>
            {t("page.save")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t("canned.shortcut")}
            hint={t("canned.shortcutHint")}
            required
            maxLength={40}
            value={edits.shortcut}
            error={wrong("shortcut")}
            onChange={(event) => set({ shortcut: event.target.value })}
          />
          <TextField
            label={t("canned.titleField")}
            required
            maxLength={100}
            value={edits.title}
            error={wrong("title")}
            onChange={(event) => set({ title: event.target.value })}
          />
        </div>
        <TextArea
          label={t("canned.text")}
          hint={t("canned.gaps", { gaps: list(variables.map((name) => `{{${name}}}`)) })}
          required
          value={edits.text}
          error={wrong("text")}
          onChange={(event) => set({ text: event.target.value })}
        />
        <Preview text={edits.text} />
        <ChannelChoice
          legend={t("canned.channels")}
          hint={t("canned.channelsHint")}
          chosen={edits.channels}
          onChange={(channels) => set({ channels })}
        />
        {me?.role === "admin" && (
          <Switch
            label={t("canned.shared")}
            hint={t("canned.sharedHint")}
            checked={edits.shared}
            onChange={(shared) => set({ shared })}
          />
        )}
      </form>
    </Dialog>
  );
}

function editsOf({ shortcut, title, text, channels, shared }: CannedReply): CannedReplyEdits {
  return { shortcut, title, text, channels, shared };
}
