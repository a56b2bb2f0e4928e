import { Component, createRef, type ComponentChildren } from "preact";
import { IconButton } from "./Icon";

// Within so many pixels of an edge the reader is at it.
const atEdge = 48;
const nearTop = 160;

interface ScrollProps {
  name: string;
  /** Name of the button that leads to the end. */
  toEnd: string;
  /** Changes when something is added above. */
  first: string | undefined;
  /** Loads what is above; undefined: there is nothing. */
  older: (() => void) | undefined;
  children: ComponentChildren;
}

/** Holds what the reader looks at: the end while they are at it, else their place, whatever is added above or below. */
export class Scroll extends Component<ScrollProps, { away: boolean }> {
  readonly #box = createRef<HTMLDivElement>();
  readonly #resized = new ResizeObserver(() => this.#follow());
  #height = 0;

  override componentDidMount(): void {
    const box = this.#box.current;
    if (!box) return;
    this.#resized.observe(box);
    // Pictures without a known size make the list longer when they are there.
    box.addEventListener("load", this.#follow, true);
    this.#settle();
  }

  override componentWillUnmount(): void {
    this.#resized.disconnect();
  }

  override componentDidUpdate(before: ScrollProps): void {
    const box = this.#box.current;
    if (box && this.state.away && before.first !== this.props.first) box.scrollTop += box.scrollHeight - this.#height;
    this.#settle();
  }

  render({ name, toEnd, children }: ScrollProps) {
    return (
      <div class="middle">
        <div ref={this.#box} class="scroll" tabIndex={0} role="group" aria-label={name} onScroll={this.#onScroll}>
          {children}
        </div>
        {this.state.away && <IconButton class="newest" icon="arrow" size={18} name={toEnd} onClick={this.#jump} />}
      </div>
    );
  }

  #settle(): void {
    const box = this.#box.current;
    if (!box) return;
    this.#follow();
    this.#height = box.scrollHeight;
    if (box.scrollHeight <= box.clientHeight) this.props.older?.();
  }

  readonly #follow = (): void => {
    if (!this.state.away) this.#jump();
  };

  readonly #jump = (): void => {
    const box = this.#box.current;
    if (box) box.scrollTop = box.scrollHeight;
  };

  readonly #onScroll = (): void => {
    const box = this.#box.current;
    if (!box) return;
    const away = box.scrollHeight - box.scrollTop - box.clientHeight > atEdge;
    if (away !== this.state.away) this.setState({ away });
    if (box.scrollTop < nearTop) this.props.older?.();
  };
}
