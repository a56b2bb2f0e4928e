import type { ReactNode } from "react";
import type { DeadLetterDetail } from "~/api/types";
import { t } from "../text";

/** The bytes as they came. JSON is laid out; nothing else of it is changed. */
export function Raw({ letter }: { letter: DeadLetterDetail }) {
  if (letter.body !== undefined && letter.body !== null)
    return <Block title={t("dead.detail.body")}>{laidOut(letter.body)}</Block>;
  if (!letter.raw) return letter.kind === "job" ? null : <p className="text-text-2">{t("dead.detail.rawGone")}</p>;
  if (letter.raw_encoding === "base64") return <Block title={t("dead.detail.rawBase64")}>{letter.raw}</Block>;
  return <Block title={t("dead.detail.raw")}>{laidOut(letter.raw)}</Block>;
}

export function laidOut(body: unknown): string {
  if (typeof body !== "string") return JSON.stringify(body, null, 2);
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <figure>
      <figcaption className="text-chip font-medium">{title}</figcaption>
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard has to get there
        tabIndex={0}
        className="mt-1 max-h-96 overflow-auto rounded-control bg-raised p-3 font-mono text-meta"
      >
        {children}
      </pre>
    </figure>
  );
}
