import { Component, createRef } from "preact";
import type { Viewed } from "./view";

interface FieldProps extends Viewed {
  onEnter(event: Event): void;
}

// Where fingers type, Enter makes a new line and the button sends.
const byFinger = () => matchMedia("(pointer: coarse)").matches;

/** The field for a message: as high as what is in it. */
export class Field extends Component<FieldProps> {
  readonly #area = createRef<HTMLTextAreaElement>();

  override componentDidMount(): void {
    this.#fit();
  }

  override componentDidUpdate({ view: before }: FieldProps): void {
    this.#fit();
    const { reply_to } = this.props.view.draft;
    if (reply_to && reply_to !== before.draft.reply_to) this.#area.current?.focus();
  }

  render({ view: { draft, t } }: FieldProps) {
    return (
      <textarea
        ref={this.#area}
        rows={1}
        dir="auto"
        value={draft.text}
        aria-label={t("write")}
        placeholder={t("placeholder")}
        onInput={this.#onInput}
        onKeyDown={this.#onKeyDown}
        onPaste={this.#onPaste}
      />
    );
  }

  #fit(): void {
    const area = this.#area.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }

  readonly #onInput = (): void => {
    const { chat, composition } = this.props.view;
    composition.write(this.#area.current?.value ?? "");
    chat.typing.key();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    // The Enter that ends the writing of a Chinese or Japanese word sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || byFinger()) return;
    this.props.onEnter(event);
  };

  readonly #onPaste = (event: ClipboardEvent): void => {
    const { state, composition } = this.props.view;
    const files = event.clipboardData?.files;
    if (!files?.length || !state.settings?.limits.media.length) return;
    event.preventDefault();
    composition.attach(files, state.settings.limits);
  };
}
