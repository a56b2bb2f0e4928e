import { Component } from "preact";
import { Composer } from "./Composer";
import { Icon } from "./Icon";
import { Messages } from "./Messages";
import type { Viewed } from "./view";

/** What is said and what is being written; files may be dropped anywhere on it. */
export class Conversation extends Component<Viewed, { over: boolean }> {
  render({ view }: Viewed) {
    const { state, t } = view;
    return (
      <div class="conversation" onDragOver={this.#onDrag} onDragLeave={this.#onLeave} onDrop={this.#onDrag}>
        {!state.reached && (
          <p class="offline" role="status">
            {t("offline")}
          </p>
        )}
        <Messages view={view} />
        <Composer view={view} />
        {this.state.over && (
          <p class="drop">
            <Icon name="upload" size={24} />
            {t("drop")}
          </p>
        )}
      </div>
    );
  }

  readonly #onDrag = (event: DragEvent): void => {
    const { state, composition } = this.props.view;
    const limits = state.settings?.limits;
    const data = event.dataTransfer;
    if (!limits?.media.length || !data?.types.includes("Files")) return;
    event.preventDefault();
    const dropped = event.type === "drop";
    if (dropped) composition.attach(data.files, limits);
    this.setState({ over: !dropped });
  };

  readonly #onLeave = (): void => this.setState({ over: false });
}
