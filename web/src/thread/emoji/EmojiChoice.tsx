import { lazy, Suspense, useState } from "react";
import { Button } from "~/ui/Button";
import { Skeleton } from "~/ui/Skeleton";
import { t } from "../text";
import { EmojiGrid } from "./EmojiGrid";

const EmojiPicker = lazy(() => import("./EmojiPicker"));

const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

interface EmojiChoiceProps {
  /** The only ones that can be chosen; none: any. */
  only?: string[];
  chosen?: string;
  onChoose(emoji: string): void;
}

/** A choice of emoji for a reaction: those that the channel takes, or the usual ones and all others behind them. */
export function EmojiChoice({ only = [], chosen, onChoose }: EmojiChoiceProps) {
  const [all, setAll] = useState(false);
  if (only.length > 0)
    return <EmojiGrid emoji={only.map((emoji) => ({ emoji, name: emoji }))} chosen={chosen} onChoose={onChoose} />;
  if (all) {
    return (
      <Suspense fallback={<Skeleton className="h-72 w-72" />}>
        <EmojiPicker onChoose={onChoose} />
      </Suspense>
    );
  }
  return (
    <div className="flex items-center">
      <EmojiGrid emoji={QUICK.map((emoji) => ({ emoji, name: emoji }))} chosen={chosen} onChoose={onChoose} />
      <Button variant="quiet" onClick={() => setAll(true)}>
        {t("emoji.more")}
      </Button>
    </div>
  );
}
