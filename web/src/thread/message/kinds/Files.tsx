import {
  Download,
  ExternalLink,
  File,
  FileArchive,
  FileAudio,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileVideo,
  type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Attachment } from "~/api/types";
import { useNow } from "~/i18n/clock";
import { duration, fileSize } from "~/i18n/format";
import { FileNotice } from "../../files/FileNotice";
import { middleCut, viewOf } from "../../files/file-state";
import { t } from "../../text";
import { AudioPlayer } from "./AudioPlayer";
import { sizeOf } from "./Images";

interface WithFileProps {
  attachment: Attachment;
  style?: React.CSSProperties;
  children(url: string): ReactNode;
}

/** Draws a file once it is there, and says why not until then. */
function WithFile({ attachment, style, children }: WithFileProps) {
  const view = viewOf(attachment, useNow());
  if (view.state !== "ready") return <FileNotice attachment={attachment} view={view} style={style} />;
  return children(view.url);
}

export function Sound({ attachment }: { attachment: Attachment }) {
  return (
    <WithFile attachment={attachment}>
      {(url) => (
        <AudioPlayer
          url={url}
          seconds={attachment.seconds ?? undefined}
          voice={attachment.kind === "voice"}
          name={attachment.title || attachment.name || undefined}
        />
      )}
    </WithFile>
  );
}

export function Film({ attachment }: { attachment: Attachment }) {
  const round = attachment.kind === "video_note";
  const size = round ? { width: 240, aspectRatio: "1", maxWidth: "100%" } : sizeOf(attachment);
  const seconds = attachment.seconds ?? 0;
  return (
    <WithFile attachment={attachment} style={size}>
      {(url) => (
        // A message has no captions.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          src={url}
          controls
          playsInline
          preload="metadata"
          style={size}
          aria-label={t(round ? "video.note" : "video.label", { length: duration(seconds) })}
          className={round ? "rounded-full bg-raised object-cover" : "rounded-control bg-raised"}
        />
      )}
    </WithFile>
  );
}

/** Moves by itself on a phone; here it starts and stops by hand, and never for those who want no motion. */
export function Animation({ attachment }: { attachment: Attachment }) {
  const size = sizeOf(attachment);
  return (
    <WithFile attachment={attachment} style={size}>
      {(url) =>
        attachment.mime?.startsWith("image/") ? (
          <img
            src={url}
            alt={attachment.name || t("kind.animation")}
            style={size}
            loading="lazy"
            className="rounded-control"
          />
        ) : (
          // An animation has no sound.
          // oxlint-disable-next-line jsx-a11y/media-has-caption
          <video
            src={url}
            loop
            muted
            playsInline
            controls
            preload="metadata"
            style={size}
            aria-label={t("kind.animation")}
            className="rounded-control"
          />
        )
      }
    </WithFile>
  );
}

const STICKER = { width: 144, height: 144, objectFit: "contain" } as const;

export function Sticker({ attachment }: { attachment: Attachment }) {
  const { emoji, file } = attachment;
  const mime = attachment.mime ?? "";
  const label = emoji ? t("sticker.of", { emoji }) : t("kind.sticker");
  // Telegram's moving stickers are of a kind that no browser draws: their emoji says the same.
  const drawn = mime.startsWith("image/") || mime.startsWith("video/") || mime === "";
  if (emoji && (!file || !drawn || file.state !== "stored")) {
    return (
      <p title={label} className="text-[4rem] leading-none">
        <span aria-hidden>{emoji}</span>
        <span className="sr-only">{label}</span>
      </p>
    );
  }
  return (
    <WithFile attachment={attachment} style={{ width: 144, height: 144 }}>
      {(url) =>
        mime.startsWith("video/") ? (
          <video src={url} muted playsInline loop controls style={STICKER} aria-label={label} />
        ) : (
          <img src={url} alt={label} loading="lazy" style={STICKER} />
        )
      }
    </WithFile>
  );
}

export function DocumentFile({ attachment }: { attachment: Attachment }) {
  const name = attachment.name || attachment.title || t("kind.document");
  const Icon = iconOf(attachment.mime ?? "");
  return (
    <WithFile attachment={attachment}>
      {(url) => (
        <div className="flex max-w-80 min-w-56 items-center gap-2 rounded-control border border-line bg-surface px-3 py-2">
          <Icon aria-hidden size={24} strokeWidth={1.5} className="shrink-0 text-text-2" />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium" title={name}>
              {middleCut(name)}
            </span>
            <span className="block text-meta text-text-3">
              {[attachment.bytes ? fileSize(attachment.bytes) : "", attachment.mime ?? ""].filter(Boolean).join(" · ")}
            </span>
          </span>
          {attachment.mime === "application/pdf" && (
            <FileLink href={url} label={t("file.preview", { name })} icon={ExternalLink} />
          )}
          <FileLink href={url} download={name} label={t("file.download", { name })} icon={Download} />
        </div>
      )}
    </WithFile>
  );
}

function FileLink({
  href,
  download,
  label,
  icon: Icon,
}: {
  href: string;
  download?: string;
  label: string;
  icon: LucideIcon;
}) {
  return (
    <a
      href={href}
      download={download}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={label}
      title={label}
      className="touch-target inline-flex size-8 shrink-0 items-center justify-center rounded-control text-text-2 hover:bg-raised"
    >
      <Icon aria-hidden size={16} strokeWidth={1.75} />
    </a>
  );
}

const icons: [RegExp, LucideIcon][] = [
  [/^image\//, FileImage],
  [/^video\//, FileVideo],
  [/^audio\//, FileAudio],
  [/zip|compressed|tar|rar/, FileArchive],
  [/sheet|excel|csv/, FileSpreadsheet],
  [/pdf|text|word|document/, FileText],
];

const iconOf = (mime: string) => icons.find(([pattern]) => pattern.test(mime))?.[1] ?? File;
