import { Component, createRef } from "preact";
import { isFocusWithin } from "./focus";
import { Icon } from "./Icon";
import type { Viewed } from "./view";

/** The button at the edge of the page, with the number of answers that wait. */
export class Launcher extends Component<Viewed> {
  readonly #button = createRef<HTMLButtonElement>();

  override componentDidUpdate({ view: before }: Viewed): void {
    // Whoever closes the chat goes on where they opened it.
    const closed = before.state.open && !this.props.view.state.open;
    if (closed && isFocusWithin(this.#button.current)) this.#button.current?.focus();
  }

  render({ view: { state, t, open } }: Viewed) {
    const waiting = state.open ? 0 : state.unread;
    const name = state.open ? t("close") : t("open");
    return (
      <button
        ref={this.#button}
        type="button"
        class="launcher"
        aria-haspopup="dialog"
        aria-expanded={state.open}
        aria-label={waiting > 0 ? `${name}, ${t("unread", { n: waiting })}` : name}
        onClick={() => open(!state.open)}
      >
        <Icon name={state.open ? "down" : "chat"} size={28} />
        {waiting > 0 && (
          <span class="badge" aria-hidden="true">
            {waiting > 9 ? "9+" : waiting}
          </span>
        )}
      </button>
    );
  }
}
