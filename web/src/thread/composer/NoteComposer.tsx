import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "~/api/context";
import { createNote } from "~/api/operations";
import { Problem } from "~/api/problem";
import { useAgents } from "~/api/queries";
import { useDrafts } from "~/drafts/context";
import { Button } from "~/ui/Button";
import { useToasts } from "~/ui/toasts";
import { useThread } from "../context";
import { putItems } from "../timeline/fold";
import { Counter } from "./Counter";
import { Editor, type EditorHandle } from "./Editor";
import { EmojiButton } from "./EmojiButton";
import { t } from "./text";
import { lengthIn } from "./limits";

/** The longest note that the server takes. */
const NOTE = { max: 10_000, unit: "characters" } as const;

interface NoteComposerProps {
  ref: React.RefObject<EditorHandle | null>;
  onSent(): void;
  onLeave(): void;
}

/** A note for colleagues. It leaves the editor when the server has it: until then nothing is lost. */
export function NoteComposer({ ref, onSent, onLeave }: NoteComposerProps) {
  const api = useApi();
  const client = useQueryClient();
  const drafts = useDrafts();
  const { conversation } = useThread();
  const { data: agents = [] } = useAgents();
  const { failure } = useToasts();
  const { id } = conversation;
  const [text, setText] = useState(() => drafts.get(id, "note").text);
  const [mentions, setMentions] = useState(() => drafts.get(id, "note").mentions ?? []);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const empty = text.trim() === "";
  const over = lengthIn(NOTE.unit, text) > NOTE.max;

  const write = (next: string, mentioned = mentions) => {
    setText(next);
    setWrong(undefined);
    drafts.set(id, "note", { text: next, mentions: mentioned.length > 0 ? mentioned : undefined });
  };
  const mention = (agent: string) => {
    const all = [...new Set([...mentions, agent])];
    setMentions(all);
    drafts.set(id, "note", { ...drafts.get(id, "note"), mentions: all });
  };
  const send = async () => {
    if (empty || over || busy) return;
    setBusy(true);
    // Who was mentioned and taken out again is not told.
    const named = mentions.filter((agent) => agents.some(({ id, name }) => id === agent && text.includes(`@${name}`)));
    try {
      const note = await createNote(api, id, { text: text.trim(), mentions: named });
      putItems(client, id, [{ type: "note", note }]);
      setMentions([]);
      write("", []);
      onSent();
    } catch (error) {
      const about = error instanceof Problem ? error.field("text") : undefined;
      if (about) setWrong(about);
      else failure(error, t("note.failed"));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Editor
        ref={ref}
        mode="note"
        text={text}
        invalid={over || wrong !== undefined}
        describedBy="note-state"
        onChange={write}
        onMention={mention}
        onSend={() => void send()}
        onFiles={() => failure(null, t("note.noFiles"))}
        onLeave={onLeave}
      />
      <div className="flex items-center gap-1 px-2 pb-2">
        <EmojiButton onChoose={(emoji) => ref.current?.insert(emoji)} />
        <span id="note-state" className="flex-1 text-end">
          {wrong ? <span className="text-meta text-bad">{wrong}</span> : <Counter limit={NOTE} text={text} />}
        </span>
        <Button variant="primary" busy={busy} disabled={empty || over} onClick={() => void send()}>
          {t("note.add")}
        </Button>
      </div>
    </>
  );
}
