import type { Channel, NewMessage } from "~/api/types";
import type { TrayFile } from "./files/tray";
import { mimeOf } from "./files/check-file";
import { fits } from "./limits";

export interface Written {
  text: string;
  files: readonly TrayFile[];
  replyTo?: string;
  /** For an answer after the window, where a person may give one. */
  tag?: string;
}

/** The messages to send of what was written: a file takes the text as its caption where the channel can, and it goes after the files where not. */
export function bodiesOf(channel: Channel, { text, files, replyTo, tag }: Written): NewMessage[] {
  const words = text.trim();
  const bodies: NewMessage[] = files.map(({ key = "", kind, file }) => ({
    file: { key, name: file.name, mime: mimeOf(file), kind, bytes: file.size },
  }));
  const captioned = bodies.find(({ file }) => file && canCaption(channel, file.kind ?? "", words));
  if (words && captioned) captioned.text = words;
  else if (words) bodies.push({ text: words });
  const [first] = bodies;
  if (first && replyTo) first.reply_to = replyTo;
  return tag ? bodies.map((body) => ({ ...body, tag })) : bodies;
}

/** Whether the text can go along with a file of a kind; one that is too long for a caption is a message of its own. */
export function canCaption({ sends }: Channel, kind: string, text: string): boolean {
  return (sends.captioned?.includes(kind) ?? false) && sends.caption !== null && fits(sends.caption, text);
}
