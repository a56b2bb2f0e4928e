import {
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { usePreferences } from "~/app/preferences";
import type { Mode } from "~/drafts/drafts";
import { t } from "./text";
import { sends } from "./send-key";
import { Suggestions } from "./Suggestions";
import { useSuggestions } from "./use-suggestions";

export interface EditorHandle {
  focus(): void;
  /** Puts a text where the cursor is. */
  insert(text: string): void;
}

interface EditorProps {
  ref: Ref<EditorHandle>;
  mode: Mode;
  text: string;
  invalid: boolean;
  describedBy?: string;
  onChange(text: string): void;
  onMention(agent: string): void;
  onSend(): void;
  onFiles(files: File[]): void;
  onLeave(): void;
}

/** Where the agent writes: plain text, as the platforms take it. */
export function Editor({
  ref,
  mode,
  text,
  invalid,
  describedBy,
  onChange,
  onMention,
  onSend,
  onFiles,
  onLeave,
}: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [{ sendKey }] = usePreferences();
  const [cursor, setCursor] = useState(text.length);
  const wanted = useRef<number | null>(null);

  const replace = (next: string, at: number) => {
    wanted.current = at;
    setCursor(at);
    onChange(next);
  };
  const suggestions = useSuggestions({ mode, text, cursor, replace, mention: onMention });

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
    if (wanted.current === null) return;
    element.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  }, [text]);

  useImperativeHandle(ref, () => ({
    focus: () => area.current?.focus(),
    insert: (added) => {
      const start = area.current?.selectionStart ?? text.length;
      const end = area.current?.selectionEnd ?? start;
      replace(text.slice(0, start) + added + text.slice(end), start + added.length);
      area.current?.focus();
    },
  }));

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (suggestions.onKeyDown(event)) return;
    if (sends(event, sendKey)) {
      event.preventDefault();
      onSend();
    } else if (event.key === "Escape" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onLeave();
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    // Of a picture that comes with its text both are kept: the text takes its usual way.
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    if (!event.clipboardData.types.includes("text/plain")) event.preventDefault();
    onFiles(files);
  };

  return (
    <div className="relative">
      {suggestions.open && (
        <Suggestions
          id={`${id}-list`}
          label={t("suggestions.label")}
          items={suggestions.items}
          active={suggestions.active}
          onChoose={suggestions.choose}
        />
      )}
      <textarea
        ref={area}
        data-pane-entry
        rows={2}
        dir="auto"
        value={text}
        aria-label={t(`editor.${mode}`)}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={suggestions.open ? `${id}-list` : undefined}
        aria-activedescendant={suggestions.open ? `${id}-list-${suggestions.active}` : undefined}
        placeholder={t(`editor.${mode}.hint`)}
        onChange={(event) => {
          setCursor(event.target.selectionStart);
          onChange(event.target.value);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className="block max-h-[40dvh] min-h-14 w-full resize-none bg-transparent px-3 py-2 text-body outline-none"
      />
    </div>
  );
}
