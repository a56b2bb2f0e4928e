import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { Tooltip } from "./Tooltip";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children" | "aria-label"> {
  icon: LucideIcon;
  /** What it does: its accessible name and its tooltip. */
  label: string;
  /** The key that does the same, as people read it. */
  shortcut?: string;
  pressed?: boolean;
  side?: "top" | "right" | "bottom" | "left";
}

export function IconButton({ icon: Icon, label, shortcut, pressed, side, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-keyshortcuts={shortcut}
        aria-pressed={pressed}
        className={clsx(
          "touch-target inline-flex size-8 shrink-0 items-center justify-center rounded-control text-text-2 hover:bg-raised hover:text-text disabled:opacity-50",
          pressed && "bg-selected text-text",
          className,
        )}
      >
        <Icon aria-hidden size={16} strokeWidth={1.75} />
      </button>
    </Tooltip>
  );
}
