import type { Channel, MediaLimit } from "~/api/types";

/** A file that the agent chose, as far as it matters here. */
export interface ChosenFile {
  name: string;
  type: string;
  size: number;
}

export type Verdict =
  | { ok: true; kind: string }
  | { ok: false; why: "empty" }
  | { ok: false; why: "none" }
  | { ok: false; why: "size"; kind: string; max: number }
  | { ok: false; why: "type"; types: string[] };

const FAMILIES: [RegExp, string][] = [
  [/^image\/gif$/, "animation"],
  [/^image\//, "image"],
  [/^video\//, "video"],
  [/^audio\//, "audio"],
];

/** As which kind the channel takes a file, before it is uploaded; a picture that is too large may still go as a document. */
export function checkFile(channel: Pick<Channel, "media">, file: ChosenFile): Verdict {
  if (file.size === 0) return { ok: false, why: "empty" };
  const family = FAMILIES.find(([pattern]) => pattern.test(file.type))?.[1];
  const candidates = [family, family === "animation" ? "image" : undefined, "document"]
    .map((kind) => channel.media.find((limit) => limit.kind === kind))
    .filter((limit) => limit !== undefined);
  const fitting = candidates.find((limit) => takes(limit, file) && file.size <= limit.max_bytes);
  if (fitting) return { ok: true, kind: fitting.kind };
  const tooSmall = candidates.findLast((limit) => takes(limit, file));
  if (tooSmall) return { ok: false, why: "size", kind: tooSmall.kind, max: tooSmall.max_bytes };
  if (candidates.length === 0) return { ok: false, why: "none" };
  return { ok: false, why: "type", types: [...new Set(candidates.flatMap((limit) => limit.types ?? []))] };
}

function takes({ types }: MediaLimit, { type }: ChosenFile): boolean {
  return !types?.length || types.includes(plain(type));
}

const plain = (mime: string) => (mime.split(";")[0] ?? "").trim().toLowerCase();

/** What to call the type of a file whose type the browser does not know. */
export const mimeOf = (file: ChosenFile) => plain(file.type) || "application/octet-stream";
