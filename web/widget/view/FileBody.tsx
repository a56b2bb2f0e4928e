import { fileSize } from "~/i18n/format";
import type { SentFile } from "../chat/protocol";
import { Icon } from "./Icon";
import type { Viewed } from "./view";

interface FileProps extends Viewed {
  file: SentFile;
}

export function FileBody({ view, file }: FileProps) {
  const { mime } = file;
  if (!file.url) return <FileCard view={view} file={file} />;
  const src = view.chat.address(file.url);
  const name = file.name || view.t("file");
  const size = { width: file.width ?? undefined, height: file.height ?? undefined };
  if (mime.startsWith("image/"))
    return (
      <a class="picture" href={src} target="_blank" rel="noopener noreferrer">
        <img src={src} alt={file.name || view.t("picture")} decoding="async" {...size} />
      </a>
    );
  // What somebody filmed or said has no captions.
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  if (mime.startsWith("video/")) return <video src={src} controls preload="metadata" aria-label={name} {...size} />;
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  if (mime.startsWith("audio/")) return <audio src={src} controls preload="metadata" aria-label={name} />;
  return (
    <a class="file" href={src} target="_blank" rel="noopener noreferrer" aria-label={view.t("download", { name })}>
      <FileCard view={view} file={file} />
    </a>
  );
}

function FileCard({ view: { t, language }, file: { url, name, bytes, mime } }: FileProps) {
  return (
    <span class="card">
      <Icon name={url ? "download" : "wait"} size={20} />
      <span>
        <b dir="auto">{name || t("file")}</b>
        <small>{url ? (bytes ? fileSize(bytes, language) : mime) : t("file.coming")}</small>
      </span>
    </span>
  );
}
