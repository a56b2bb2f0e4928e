import { Outlet, useParams } from "@tanstack/react-router";
import { clsx } from "clsx";
import { ConversationList } from "./ConversationList";
import { ResizeHandle, useListWidth } from "./ResizeHandle";
import { t } from "./text";

/** The list, and beside it the conversation that is open; on a phone one of the two. */
export function InboxPage() {
  const open = useParams({ strict: false, select: (params) => params.conversationId });
  const [width, resize, keep] = useListWidth();
  return (
    <main aria-label={t("inbox.label")} className="flex h-full min-w-0 flex-1 bg-surface">
      {open === undefined && <h1 className="sr-only">{t("inbox.label")}</h1>}
      <section
        aria-label={t("list.label")}
        data-pane="list"
        style={{ "--list-width": `${width}px` } as React.CSSProperties}
        className={clsx("flex min-h-0 flex-col max-md:flex-1 md:w-(--list-width) md:shrink-0", open && "max-md:hidden")}
      >
        <ConversationList open={open ?? null} />
      </section>
      <ResizeHandle width={width} onResize={resize} onDone={keep} />
      <Outlet />
    </main>
  );
}
