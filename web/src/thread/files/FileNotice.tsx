import { FileX2, Hourglass, type LucideIcon } from "lucide-react";
import { useEffect } from "react";
import type { Attachment } from "~/api/types";
import { useThread } from "../context";
import { t } from "../text";
import type { FileView } from "./file-state";

interface FileNoticeProps {
  attachment: Attachment;
  view: Exclude<FileView, { state: "ready" }>;
  /** Gives it the size that the file will have, so that nothing moves when it comes. */
  style?: React.CSSProperties;
}

/** In the place of a file that cannot be shown: what it is, and why not. */
export function FileNotice({ attachment, view, style }: FileNoticeProps) {
  const { refresh } = useThread();
  const expired = view.state === "expired";
  useEffect(() => {
    if (expired) refresh();
  }, [expired, refresh]);
  const Icon: LucideIcon = view.state === "missing" ? FileX2 : Hourglass;
  return (
    <div
      style={style}
      className="flex min-h-14 max-w-80 min-w-48 items-center gap-2 rounded-control border border-dashed border-control px-3 py-2 text-chip text-text-2"
    >
      <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0" />
      <span>
        <span className="block font-medium">{attachment.name || kindName(attachment.kind)}</span>
        {view.state === "missing" ? view.reason : t("file.waiting")}
      </span>
    </div>
  );
}

const named = ["image", "video", "audio", "voice", "document", "sticker", "animation", "video_note"] as const;

/** What people call a kind of attachment. */
export function kindName(kind: string): string {
  const known = named.find((one) => one === kind);
  return known ? t(`kind.${known}`) : t("kind.other", { kind: kind.replaceAll("_", " ") });
}
