import { Check, type LucideIcon } from "lucide-react";
import { ContextMenu as RadixContext, DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Kbd } from "./Kbd";

/** One line of a menu, the same for a menu of a button and for one under the pointer. */
export interface MenuEntry {
  key: string;
  label: string;
  icon?: LucideIcon;
  shortcut?: string;
  disabled?: boolean;
  danger?: boolean;
  /** Given: the entry can be chosen, and shows whether it is. */
  checked?: boolean;
  /** A line above it. */
  separated?: boolean;
  onSelect(): void;
}

const surface =
  "z-50 max-h-(--radix-popper-available-height) min-w-48 overflow-y-auto rounded-control border border-line bg-surface p-1 shadow-overlay";
const row =
  "flex min-h-8 cursor-default items-center gap-2 rounded-sm px-2 text-body outline-none select-none data-disabled:opacity-50 data-highlighted:bg-selected";

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  entries: MenuEntry[];
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  open?: boolean;
  onOpenChange?(open: boolean): void;
}

export function Menu({ trigger, entries, align = "start", side, open, onOpenChange }: MenuProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align={align} side={side} sideOffset={4} collisionPadding={8} className={surface}>
          {entries.map((entry) => (
            <Entry key={entry.key} entry={entry} parts={Radix} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A menu under the pointer, also by Shift+F10 and a long touch. children is one element. */
export function ContextMenu({ entries, children }: { entries: MenuEntry[]; children: ReactNode }) {
  return (
    <RadixContext.Root>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content collisionPadding={8} className={surface}>
          {entries.map((entry) => (
            <Entry key={entry.key} entry={entry} parts={RadixContext} />
          ))}
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

type Parts = Pick<typeof Radix, "Item" | "CheckboxItem" | "Separator">;

function Entry({ entry, parts }: { entry: MenuEntry; parts: Parts }) {
  const { icon: Icon, label, shortcut, checked, separated, danger, ...item } = entry;
  const content = (
    <>
      {Icon && <Icon aria-hidden size={16} strokeWidth={1.75} />}
      <span className="flex-1">{label}</span>
      {checked && <Check aria-hidden size={16} />}
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </>
  );
  const common = { disabled: item.disabled, onSelect: item.onSelect, className: danger ? `${row} text-bad` : row };
  return (
    <>
      {separated && <parts.Separator className="my-1 h-px bg-line" />}
      {checked === undefined ? (
        <parts.Item {...common}>{content}</parts.Item>
      ) : (
        <parts.CheckboxItem {...common} checked={checked}>
          {content}
        </parts.CheckboxItem>
      )}
    </>
  );
}
