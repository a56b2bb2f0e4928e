import type { DeadLetterDetail } from "~/api/admin-operations";
import { Block, laidOut } from "../parts/Block";
import { t } from "../text";

/** The bytes as they came. JSON is laid out; nothing else of it is changed. */
export function Raw({ letter }: { letter: DeadLetterDetail }) {
  if (letter.body !== null) return <Block title={t("dead.detail.body")}>{laidOut(letter.body)}</Block>;
  if (!letter.raw) return letter.kind === "job" ? null : <p className="text-text-2">{t("dead.detail.rawGone")}</p>;
  if (letter.raw_encoding === "base64") return <Block title={t("dead.detail.rawBase64")}>{letter.raw}</Block>;
  return <Block title={t("dead.detail.raw")}>{laidOut(letter.raw)}</Block>;
}
