import { RotateCcw, X } from "lucide-react";
import { fileSize } from "~/i18n/format";
import { IconButton } from "~/ui/IconButton";
import { middleCut } from "../files/file-state";
import type { Tray, TrayFile } from "./files/tray";
import { t } from "./text";

/** The files that go with the next reply, and how far their uploads are. */
export function FileTray({ tray, files }: { tray: Tray; files: readonly TrayFile[] }) {
  if (files.length === 0) return null;
  return (
    <ul aria-label={t("files.label")} className="flex flex-wrap gap-2 px-3 pt-2">
      {files.map((each) => (
        <Chip key={each.id} file={each} tray={tray} />
      ))}
    </ul>
  );
}

function Chip({ file: { id, file, state, progress }, tray }: { file: TrayFile; tray: Tray }) {
  const failed = state === "failed";
  return (
    <li
      className={`flex max-w-72 items-center gap-2 rounded-control border px-2 py-1 text-chip ${failed ? "border-bad bg-bad-soft" : "border-line bg-raised"}`}
    >
      <span className="min-w-0">
        <span className="block truncate font-medium" title={file.name}>
          {middleCut(file.name, 28)}
        </span>
        <span className={failed ? "text-bad" : "text-text-2"}>
          {failed ? t("files.failed") : fileSize(file.size)}
          {state === "uploading" && (
            <progress
              value={progress}
              max={1}
              aria-label={t("files.progress", { name: file.name })}
              className="ms-2 h-1.5 w-20 align-middle accent-accent"
            />
          )}
        </span>
      </span>
      {failed && (
        <IconButton icon={RotateCcw} label={t("files.retry", { name: file.name })} onClick={() => tray.retry(id)} />
      )}
      <IconButton
        icon={X}
        label={t(state === "uploading" ? "files.cancel" : "files.remove", { name: file.name })}
        onClick={() => tray.remove(id)}
      />
    </li>
  );
}
