import { Component, createRef } from "preact";
import { Icon } from "./Icon";
import type { Viewed } from "./view";

/** Asks where an answer may go that the visitor does not wait for. */
export class EmailCard extends Component<Viewed, { wrong: boolean }> {
  readonly #input = createRef<HTMLInputElement>();

  render({ view: { chat, t } }: Viewed) {
    const { wrong } = this.state;
    return (
      <form class="email" noValidate onSubmit={this.#onSubmit}>
        <p>
          <Icon name="mail" size={18} />
          {t("email.ask")}
        </p>
        <input
          ref={this.#input}
          type="email"
          autoComplete="email"
          required
          dir="ltr"
          aria-label={t("email.label")}
          placeholder={t("email.label")}
          aria-invalid={wrong}
          aria-describedby={wrong ? "wrong" : undefined}
        />
        {wrong && (
          <p id="wrong" class="bad" role="alert">
            {t("email.wrong")}
          </p>
        )}
        <button type="submit" class="primary">
          {t("email.save")}
        </button>
        <button type="button" class="plain" onClick={() => chat.leaveEmail(null)}>
          {t("email.no")}
        </button>
      </form>
    );
  }

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = this.#input.current;
    if (input?.validity.valid) return this.props.view.chat.leaveEmail(input.value.trim());
    this.setState({ wrong: true });
    input?.focus();
  };
}
