import { focusNew } from "./focus";
import type { Viewed } from "./view";

interface FieldProps extends Viewed {
  onEnter(event: Event): void;
}

// Where fingers type, Enter makes a new line and the button sends.
const byFinger = () => matchMedia("(pointer: coarse)").matches;

/** The field for a message: as high as what is in it. */
export function Field({ view, onEnter }: FieldProps) {
  const { chat, state, composition, draft, t } = view;
  const limits = state.settings?.limits;
  const onInput = (event: Event) => {
    composition.write((event.currentTarget as HTMLTextAreaElement).value);
    chat.typing.key();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The Enter that ends the writing of a Chinese or Japanese word sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || byFinger()) return;
    onEnter(event);
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (!files?.length || !limits?.media.length) return;
    event.preventDefault();
    composition.attach(files, limits);
  };
  return (
    <textarea
      rows={1}
      dir="auto"
      value={draft.text}
      aria-label={t("write")}
      placeholder={t("placeholder")}
      after={fit}
      onInput={onInput}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
    />
  );
}

function fit(area: HTMLElement, isNew: boolean): void {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
  focusNew(area, isNew);
}
