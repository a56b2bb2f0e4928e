import { clsx } from "clsx";
import { Lock, MessageSquare } from "lucide-react";
import { type Ref, useImperativeHandle, useRef, useSyncExternalStore } from "react";
import { useDrafts } from "~/drafts/context";
import type { Mode } from "~/drafts/drafts";
import type { Message } from "~/api/types";
import { useThread } from "../context";
import { Colleagues } from "./Colleagues";
import { CustomerWriting } from "./CustomerWriting";
import type { EditorHandle } from "./Editor";
import { NoteComposer } from "./NoteComposer";
import { ReplyComposer } from "./ReplyComposer";
import { t } from "./text";

export interface ComposerHandle {
  /** Puts the cursor into one of the editors. */
  write(mode: Mode): void;
  /** Attaches files to the next reply. */
  attach(files: File[]): void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  /** The newest message of ours that somebody else wrote: an agent who did not see it must not answer twice. */
  latestOfOthers: Message | null;
  /** Looks up the message that is being answered. */
  messageOf(id: string): Message | undefined;
  onTemplate(): void;
  onSent(): void;
  onLeave(): void;
}

/** Where the agent answers the customer or leaves a note for colleagues; which of the two it is stays until the agent changes it. */
export function Composer({ ref, latestOfOthers, messageOf, onTemplate, onSent, onLeave }: ComposerProps) {
  const { conversation } = useThread();
  const { id } = conversation;
  const drafts = useDrafts();
  const mode = useSyncExternalStore(drafts.subscribe, () => drafts.mode(id));
  const revision = useSyncExternalStore(drafts.subscribe, () => drafts.revision(id, mode));
  const editor = useRef<EditorHandle>(null);
  const files = useRef<(files: File[]) => void>(null);

  const choose = (next: Mode) => {
    drafts.setMode(id, next);
    // The other editor is there after the next paint.
    requestAnimationFrame(() => editor.current?.focus());
  };
  useImperativeHandle(ref, () => ({ write: choose, attach: (given) => files.current?.(given) }));

  return (
    <section
      data-pane="composer"
      aria-label={t("composer.label")}
      className={clsx(
        "shrink-0 border-t border-line focus-within:border-focus",
        mode === "note" ? "border-s-4 border-s-note-label bg-note" : "bg-surface",
      )}
    >
      <CustomerWriting />
      <Colleagues />
      <fieldset className="flex items-center gap-1 px-2 pt-1">
        <legend className="sr-only">{t("mode.label")}</legend>
        <ModeButton mode="reply" chosen={mode} onChoose={choose} />
        <ModeButton mode="note" chosen={mode} onChoose={choose} />
        {mode === "note" && <p className="px-2 text-meta font-medium text-note-label">{t("mode.noteHint")}</p>}
      </fieldset>
      {mode === "note" ? (
        <NoteComposer key={`${id}:${revision}`} ref={editor} onSent={onSent} onLeave={onLeave} />
      ) : (
        <ReplyComposer
          key={`${id}:${revision}`}
          ref={editor}
          attach={files}
          latestOfOthers={latestOfOthers}
          messageOf={messageOf}
          onTemplate={onTemplate}
          onSent={onSent}
          onLeave={onLeave}
        />
      )}
    </section>
  );
}

interface ModeButtonProps {
  mode: Mode;
  chosen: Mode;
  onChoose(mode: Mode): void;
}

const icons = { reply: MessageSquare, note: Lock };

function ModeButton({ mode, chosen, onChoose }: ModeButtonProps) {
  const Icon = icons[mode];
  const active = mode === chosen;
  return (
    <button
      type="button"
      aria-pressed={active}
      aria-keyshortcuts={mode === "reply" ? "R" : "N"}
      onClick={() => onChoose(mode)}
      className={clsx(
        "touch-target inline-flex min-h-7 items-center gap-1.5 rounded-control px-2 text-chip",
        active ? "font-semibold underline decoration-2 underline-offset-4" : "text-text-2 hover:bg-raised",
      )}
    >
      <Icon aria-hidden size={14} />
      {t(`mode.${mode}`)}
    </button>
  );
}
