import { Copy, Link, Reply, SmilePlus } from "lucide-react";
import { useState } from "react";
import type { Message } from "~/api/types";
import { IconButton } from "~/ui/IconButton";
import { Menu, type MenuEntry } from "~/ui/Menu";
import { Popover } from "~/ui/Popover";
import { EllipsisVertical } from "lucide-react";
import { useToasts } from "~/ui/toasts";
import { useThread } from "../context";
import { EmojiChoice } from "../emoji/EmojiChoice";
import { t } from "../text";

/** What can be done with a message: only what its channel can carry. */
export function MessageMenu({ message }: { message: Message }) {
  const { channel, replyTo, conversation } = useThread();
  const { show } = useToasts();
  if (message.deleted_at) return null;
  // A message that the platform does not have yet can be neither answered nor reacted to.
  const known = message.status !== "queued" && message.status !== "failed" && message.status !== "unknown";
  const copy = (text: string) => {
    void navigator.clipboard.writeText(text).then(() => show({ text: t("menu.copied") }));
  };
  const link = `${window.location.origin}/inbox/${conversation.id}?message=${message.id}`;
  const entries: MenuEntry[] = [
    ...(message.text ? [{ key: "copy", label: t("menu.copy"), icon: Copy, onSelect: () => copy(message.text) }] : []),
    { key: "link", label: t("menu.link"), icon: Link, onSelect: () => copy(link) },
  ];
  return (
    <div className="flex shrink-0 opacity-0 group-hover/message:opacity-100 focus-within:opacity-100 has-[[data-state=open]]:opacity-100 pointer-coarse:opacity-100">
      {known && channel?.sends.reactions && <React message={message} emojis={channel.sends.reactions.emojis} />}
      {known && channel?.sends.replies && (
        <IconButton icon={Reply} label={t("menu.reply")} onClick={() => replyTo(message)} />
      )}
      <Menu trigger={<IconButton icon={EllipsisVertical} label={t("menu.more")} />} entries={entries} />
    </div>
  );
}

function React({ message, emojis }: { message: Message; emojis: string[] | undefined }) {
  const { react } = useThread();
  const [open, setOpen] = useState(false);
  const ours = message.reactions.find((reaction) => reaction.by === "us")?.emoji;
  const choose = (emoji: string) => {
    setOpen(false);
    react(message, emoji === ours ? "" : emoji);
  };
  return (
    <Popover
      label={t("reactions.choose")}
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton icon={SmilePlus} label={t("menu.react")} />}
    >
      <EmojiChoice only={emojis} chosen={ours} onChoose={choose} />
    </Popover>
  );
}
