import { Plus, SendHorizontal, X } from "lucide-react";
import { type FormEvent, type RefObject, useState } from "react";
import { IconButton } from "~/ui/IconButton";
import { Menu } from "~/ui/Menu";
import type { EventKind } from "./backend";
import { kindName } from "./kind-name";
import { t } from "./text";

/** What the customer is about to send, where it is no ordinary text. */
export interface Intent {
  kind: EventKind;
  /** The message that it is about. */
  target?: string;
}

interface ComposerProps {
  name: string;
  kinds: EventKind[];
  intent: Intent | null;
  onIntent(intent: Intent | null): void;
  onSend(text: string): void;
  error: string | undefined;
  field: RefObject<HTMLInputElement | null>;
}

export function PhoneComposer({ name, kinds, intent, onIntent, onSend, error, field }: ComposerProps) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!intent && text.trim() === "") return;
    onSend(text.trim());
    setText("");
  };
  return (
    <form onSubmit={submit} className="border-t border-line p-2">
      {intent && (
        <p className="mb-1 flex items-center justify-between rounded-control bg-raised px-2 text-chip">
          {t("phone.as", { kind: kindName(intent.kind.name) })}
          <IconButton icon={X} label={t("phone.plain")} onClick={() => onIntent(null)} />
        </p>
      )}
      {error && (
        <p role="alert" className="mb-1 text-chip text-bad">
          {error}
        </p>
      )}
      <div className="flex items-center gap-1">
        <Menu
          trigger={<IconButton icon={Plus} label={t("phone.other")} />}
          side="top"
          entries={kinds.map((kind) => ({
            key: kind.name,
            label: kindName(kind.name),
            onSelect: () => onIntent({ kind }),
          }))}
        />
        <input
          ref={field}
          className="field min-w-0 flex-1"
          aria-label={t("phone.write", { name })}
          placeholder={placeholder(intent)}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <IconButton icon={SendHorizontal} label={t("phone.send")} type="submit" />
      </div>
    </form>
  );
}

function placeholder(intent: Intent | null): string {
  if (!intent) return t("phone.placeholder");
  if (intent.kind.name.includes("react")) return t("phone.placeholderEmoji");
  return t("phone.placeholderKind", { kind: kindName(intent.kind.name) });
}
