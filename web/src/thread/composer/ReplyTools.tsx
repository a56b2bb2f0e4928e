import { LayoutTemplate, Paperclip } from "lucide-react";
import { useRef } from "react";
import type { Channel, NewMessage } from "~/api/types";
import { IconButton } from "~/ui/IconButton";
import { EmojiButton } from "./EmojiButton";
import { ExtrasButton } from "./extras/ExtrasButton";
import { t } from "./text";

interface ReplyToolsProps {
  channel: Channel;
  text: string;
  onFiles(files: File[]): void;
  onEmoji(emoji: string): void;
  onTemplate(): void;
  onExtra(body: NewMessage): void;
}

/** What can go to the customer besides what is typed, as far as the channel takes it. */
export function ReplyTools({ channel, text, onFiles, onEmoji, onTemplate, onExtra }: ReplyToolsProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      {channel.media.length > 0 && (
        <>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              onFiles([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <IconButton icon={Paperclip} label={t("files.attach")} onClick={() => input.current?.click()} />
        </>
      )}
      <EmojiButton onChoose={onEmoji} />
      {channel.sends.templates && <IconButton icon={LayoutTemplate} label={t("template.send")} onClick={onTemplate} />}
      <ExtrasButton channel={channel} text={text} onSend={onExtra} />
    </>
  );
}
