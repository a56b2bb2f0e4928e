import { Composer } from "./Composer";
import { Icon } from "./Icon";
import { Messages } from "./Messages";
import type { Viewed } from "./view";

/** What is said and what is being written; files may be dropped anywhere on it. */
export function Conversation({ view }: Viewed) {
  const { state, screen, composition, t, show } = view;
  const limits = state.settings?.limits;
  const onDrag = (event: DragEvent) => {
    const data = event.dataTransfer;
    if (!limits?.media.length || !data?.types.includes("Files")) return;
    event.preventDefault();
    const dropped = event.type === "drop";
    if (dropped) composition.attach(data.files, limits);
    if (screen.dragged === dropped) show({ dragged: !dropped });
  };
  return (
    <div class="conversation" onDragOver={onDrag} onDragLeave={() => show({ dragged: false })} onDrop={onDrag}>
      {!state.reached && (
        <p class="offline" role="status">
          {t("offline")}
        </p>
      )}
      <Messages view={view} />
      <Composer view={view} />
      {screen.dragged && (
        <p class="drop">
          <Icon name="clip" size={24} />
          {t("drop")}
        </p>
      )}
    </div>
  );
}
