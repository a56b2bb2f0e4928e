import type { Attachment } from "~/api/types";
import { t } from "../text";

/** What can be done with the file of an attachment. */
export type FileView =
  | { state: "ready"; url: string }
  | { state: "waiting" }
  /** The link that was given has run out: asking the server again brings a new one. */
  | { state: "expired" }
  | { state: "missing"; reason: string };

export function viewOf({ file, link }: Attachment, now: number): FileView {
  if (!file) return link ? { state: "ready", url: link } : { state: "missing", reason: t("file.none") };
  switch (file.state) {
    case "waiting":
      return { state: "waiting" };
    case "stored":
      if (!file.url) return { state: "missing", reason: file.reason ?? t("file.failed") };
      if (file.url_expires_at && Date.parse(file.url_expires_at) <= now) return { state: "expired" };
      return { state: "ready", url: file.url };
    case "gone":
      return { state: "missing", reason: file.reason || t("file.gone") };
    case "refused":
      return { state: "missing", reason: file.reason || t("file.refused") };
    case "failed":
      return { state: "missing", reason: file.reason || t("file.failed") };
  }
}

/** A name that keeps its end, where the kind of the file is: "Quarterly report fo…final.pdf". */
export function middleCut(name: string, most = 40): string {
  const characters = [...name];
  if (characters.length <= most) return name;
  const end = Math.floor(most / 3);
  return `${characters.slice(0, most - end - 1).join("")}…${characters.slice(-end).join("")}`;
}
