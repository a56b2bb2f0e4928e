import { Component, createRef } from "preact";
import { Consent } from "./Consent";
import { Conversation } from "./Conversation";
import { keepWithin } from "./focus";
import { Header } from "./Header";
import type { Viewed } from "./view";

// Below this the chat covers the page; widget.css has the same numbers.
const small = "(max-width: 479px), (max-height: 479px)";

/** The chat itself. Beside the page it is a dialog that lets the page go on; on a small screen it covers it. */
export class Panel extends Component<Viewed> {
  readonly #box = createRef<HTMLDivElement>();

  override componentDidMount(): void {
    this.#focus();
  }

  override componentDidUpdate({ view: before }: Viewed): void {
    if (before.state.consent !== this.props.view.state.consent) this.#focus();
  }

  render({ view }: Viewed) {
    const { consent, phase } = view.state;
    return (
      <div
        ref={this.#box}
        class="panel"
        role="dialog"
        tabIndex={-1}
        aria-modal={covers()}
        aria-labelledby="title"
        onKeyDown={this.#onKeyDown}
      >
        <Header view={view} />
        {consent === "asking" ? (
          <Consent view={view} />
        ) : phase === "refused" ? (
          <p class="notice">{view.t("refused")}</p>
        ) : (
          <Conversation view={view} />
        )}
      </div>
    );
  }

  #focus(): void {
    const box = this.#box.current;
    (box?.querySelector<HTMLElement>("textarea, .primary") ?? box)?.focus();
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.props.view.open(false);
    if (event.key === "Tab" && covers() && this.#box.current) keepWithin(this.#box.current, event);
    // The page's own shortcuts are not meant by what is typed here.
    event.stopPropagation();
  };
}

const covers = () => matchMedia(small).matches;
