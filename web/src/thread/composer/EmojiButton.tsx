import { Smile } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "~/ui/IconButton";
import { Popover } from "~/ui/Popover";
import { Skeleton } from "~/ui/Skeleton";
import { t } from "./text";

const EmojiPicker = lazy(() => import("../emoji/EmojiPicker"));

/** Puts an emoji where the cursor is; the picker is loaded when it is first opened. */
export function EmojiButton({ onChoose }: { onChoose(emoji: string): void }) {
  const [open, setOpen] = useState(false);
  const choose = (emoji: string) => {
    setOpen(false);
    onChoose(emoji);
  };
  return (
    <Popover
      label={t("emoji.label")}
      side="top"
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton icon={Smile} label={t("emoji.label")} />}
    >
      <Suspense fallback={<Skeleton className="h-72 w-72" />}>
        <EmojiPicker onChoose={choose} />
      </Suspense>
    </Popover>
  );
}
