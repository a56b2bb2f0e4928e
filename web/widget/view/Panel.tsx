import { Consent } from "./Consent";
import { Conversation } from "./Conversation";
import { keepWithin } from "./focus";
import { Header } from "./Header";
import type { Viewed } from "./view";

// Below this the chat covers the page; widget.css has the same numbers.
const covers = () => matchMedia("(max-width: 479px), (max-height: 479px)").matches;

/** The chat itself. Beside the page it is a dialog that lets the page go on; on a small screen it covers it. */
export function Panel({ view }: Viewed) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") view.open(false);
    if (event.key === "Tab" && covers()) keepWithin(event.currentTarget as HTMLElement, event);
    // The page's own shortcuts are not meant by what is typed here.
    event.stopPropagation();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a dialog is closed by Esc
    <div class="panel" role="dialog" tabIndex={-1} aria-modal={covers()} aria-labelledby="title" onKeyDown={onKeyDown}>
      <Header view={view} />
      <Inside view={view} />
    </div>
  );
}

function Inside({ view }: Viewed) {
  const { consent, phase } = view.state;
  if (consent === "asking") return <Consent view={view} />;
  if (phase === "refused") return <p class="notice">{view.t("refused")}</p>;
  return <Conversation view={view} />;
}
