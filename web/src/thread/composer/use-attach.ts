import { useToasts } from "~/ui/toasts";
import { fileSize, list } from "~/i18n/format";
import { useThread } from "../context";
import { kindName } from "../files/FileNotice";
import { checkFile, type Verdict } from "./files/check-file";
import type { Tray } from "./files/tray";
import { t } from "./text";

/** Gives what takes files on: each is checked by what the channel takes before it is uploaded, and refused with the reason. */
export function useAttach(tray: Tray): (files: File[]) => void {
  const { channel } = useThread();
  const { show } = useToasts();
  return (files) => {
    if (!channel) return;
    for (const file of files) {
      const verdict = checkFile(channel, file);
      if (verdict.ok) tray.add(file, verdict.kind);
      else
        show({ text: t("files.refused", { name: file.name }), detail: reasonOf(verdict, channel.title), tone: "bad" });
    }
  };
}

function reasonOf(verdict: Extract<Verdict, { ok: false }>, channel: string): string {
  switch (verdict.why) {
    case "empty":
      return t("files.empty");
    case "none":
      return t("files.none", { channel });
    case "size":
      return t("files.tooLarge", { channel, max: fileSize(verdict.max), kind: kindName(verdict.kind) });
    case "type":
      return t("files.type", { channel, types: list(verdict.types) });
  }
}
