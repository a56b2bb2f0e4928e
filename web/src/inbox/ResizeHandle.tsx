import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { usePreferences } from "~/app/preferences";
import { t } from "./text";

const narrowest = 280;
const widest = 440;
const step = 20;

const within = (width: number) => Math.min(widest, Math.max(narrowest, Math.round(width)));

/** The width of the list: while it is dragged only here, then kept with the agent. */
export function useListWidth(): [number, (width: number) => void, (width: number) => void] {
  const [preferences, change] = usePreferences();
  const [dragged, setDragged] = useState<number | null>(null);
  const keep = (width: number) => {
    setDragged(null);
    if (within(width) !== preferences.listWidth) change({ listWidth: within(width) });
  };
  return [within(dragged ?? preferences.listWidth), setDragged, keep];
}

interface ResizeHandleProps {
  width: number;
  onResize(width: number): void;
  onDone(width: number): void;
}

/** The line between list and conversation: to be dragged, or moved by the arrow keys. */
export function ResizeHandle({ width, onResize, onDone }: ResizeHandleProps) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget;
    const from = event.clientX - width;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => onResize(moved.clientX - from);
    const drop = (dropped: globalThis.PointerEvent) => {
      handle.removeEventListener("pointermove", move);
      onDone(dropped.clientX - from);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", drop as EventListener, { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moved = { ArrowLeft: -step, ArrowRight: step }[event.key];
    if (!moved) return;
    event.preventDefault();
    onDone(width + moved);
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={t("list.width")}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={onKeyDown}
      className="relative w-px shrink-0 cursor-col-resize touch-none bg-line before:absolute before:inset-y-0 before:-left-1 before:w-2.5 before:content-[''] max-md:hidden"
    />
  );
}
