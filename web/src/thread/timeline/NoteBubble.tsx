import { Lock, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useApi } from "~/api/context";
import { deleteNote, updateNote } from "~/api/operations";
import { useMe } from "~/api/queries";
import type { Note } from "~/api/types";
import { t as core } from "~/i18n";
import { Button } from "~/ui/Button";
import { ConfirmDialog } from "~/ui/Dialog";
import { IconButton } from "~/ui/IconButton";
import { Time } from "~/ui/Time";
import { useToasts } from "~/ui/toasts";
import { MessageText } from "../formatting/MessageText";
import { t } from "../text";
import { putItems } from "./fold";

/** A note for colleagues: told from messages by its place, its edge, its word and its colour. */
export function NoteBubble({ note }: { note: Note }) {
  const { data: me } = useMe();
  const [editing, setEditing] = useState(false);
  const mine = me !== undefined && (me.id === note.author.id || me.role === "admin");
  if (note.deleted_at) return <p className="px-8 py-2 text-center text-meta text-text-3 italic">{t("note.deleted")}</p>;
  return (
    <div className="group/message flex justify-end gap-1 px-4 pt-3">
      {mine && !editing && <NoteActions note={note} onEdit={() => setEditing(true)} />}
      <div className="max-w-[78%] min-w-48 rounded-bubble rounded-ee-[4px] border-s-4 border-dashed border-note-label bg-note px-3 py-2 sm:max-w-128">
        <p className="flex items-center gap-1 text-meta font-medium text-note-label">
          <Lock aria-hidden size={12} />
          {t("note.by", { name: note.author.name })}
          <span className="font-normal">
            <Time at={note.at} as="clock" />
            {note.edited_at && ` · ${t("message.edited")}`}
          </span>
        </p>
        {editing ? <NoteEditor note={note} onClose={() => setEditing(false)} /> : <MessageText text={note.text} />}
      </div>
    </div>
  );
}

function NoteActions({ note, onEdit }: { note: Note; onEdit(): void }) {
  const api = useApi();
  const { failure } = useToasts();
  const [asking, setAsking] = useState(false);
  const remove = () =>
    deleteNote(api, note.id).catch((error: unknown) => {
      failure(error, t("note.deleteFailed"));
      throw error;
    });
  return (
    <div className="self-center opacity-0 group-hover/message:opacity-100 focus-within:opacity-100 pointer-coarse:opacity-100">
      <IconButton icon={Pencil} label={t("note.edit")} onClick={onEdit} />
      <IconButton icon={Trash2} label={t("note.delete")} onClick={() => setAsking(true)} />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("note.deleteTitle")}
        body={note.text}
        action={t("note.delete")}
        danger
        onConfirm={remove}
      />
    </div>
  );
}

function NoteEditor({ note, onClose }: { note: Note; onClose(): void }) {
  const api = useApi();
  const client = useQueryClient();
  const { failure } = useToasts();
  const [text, setText] = useState(note.text);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      putItems(client, note.conversation, [{ type: "note", note: await updateNote(api, note.id, text) }]);
      onClose();
    } catch (error) {
      failure(error, t("note.editFailed"));
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-2 pt-1">
      <textarea
        // The agent asked to edit: that is where they want to be.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={text}
        rows={Math.min(8, text.split("\n").length + 1)}
        aria-label={t("note.edit")}
        onChange={(event) => setText(event.target.value)}
        className="field w-full"
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{core("common.cancel")}</Button>
        <Button variant="primary" busy={busy} disabled={text.trim() === ""} onClick={() => void save()}>
          {core("common.save")}
        </Button>
      </div>
    </div>
  );
}
