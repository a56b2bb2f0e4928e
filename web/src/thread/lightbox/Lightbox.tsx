import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from "lucide-react";
import { Dialog } from "radix-ui";
import { useRef, useState } from "react";
import type { Attachment } from "~/api/types";
import { IconButton } from "~/ui/IconButton";
import { returnFocus } from "~/ui/return-focus";
import { useNow } from "~/i18n/clock";
import { viewOf } from "../files/file-state";
import { t } from "../text";

interface LightboxProps {
  images: Attachment[];
  start: number;
  onClose(): void;
}

const STEPS = [1, 1.5, 2, 3, 5];

/** Images at full size: arrows go through them, plus and minus zoom, Esc closes. */
export default function Lightbox({ images, start, onClose }: LightboxProps) {
  const [at, setAt] = useState(start);
  const [zoom, setZoom] = useState(0);
  const pane = useRef<HTMLElement>(null);
  const now = useNow();
  const image = images[at];
  if (!image) return null;
  const view = viewOf(image, now);
  const url = view.state === "ready" ? view.url : undefined;
  const go = (step: number) => {
    setAt((at + step + images.length) % images.length);
    setZoom(0);
  };
  const magnify = (step: number) => setZoom(Math.min(STEPS.length - 1, Math.max(0, zoom + step)));
  const onKeyDown = (event: React.KeyboardEvent) => {
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action({ go, magnify });
  };
  const name = image.name || image.title || t("kind.image");
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-[rgb(0_0_0/0.9)]" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          onOpenAutoFocus={(event) => {
            // To the image: a button would show its tooltip, and that would take the first Esc.
            event.preventDefault();
            pane.current?.focus();
          }}
          onKeyDown={onKeyDown}
          className="fixed inset-0 z-50 flex flex-col text-[#fff] outline-none"
        >
          <div className="flex items-center gap-1 p-2">
            <Dialog.Title className="min-w-0 flex-1 truncate px-2 text-body">
              {images.length > 1 ? t("lightbox.place", { name, at: at + 1, of: images.length }) : name}
            </Dialog.Title>
            <IconButton icon={ZoomOut} label={t("lightbox.smaller")} className={onDark} onClick={() => magnify(-1)} />
            <IconButton icon={ZoomIn} label={t("lightbox.larger")} className={onDark} onClick={() => magnify(1)} />
            {url && <DownloadLink url={url} name={name} />}
            <Dialog.Close asChild>
              <IconButton icon={X} label={t("lightbox.close")} className={onDark} />
            </Dialog.Close>
          </div>
          <div className="flex min-h-0 flex-1 items-center">
            {images.length > 1 && (
              <IconButton icon={ChevronLeft} label={t("lightbox.previous")} className={onDark} onClick={() => go(-1)} />
            )}
            {/* The pane scrolls when the image is larger than it, also with the keyboard. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <section ref={pane} tabIndex={0} aria-label={name} className="flex h-full min-w-0 flex-1 overflow-auto">
              {url && (
                <img
                  src={url}
                  alt={name}
                  style={{ width: zoom === 0 ? undefined : `${(STEPS[zoom] ?? 1) * 100}%` }}
                  className={zoom === 0 ? "m-auto max-h-full max-w-full object-contain" : "m-auto max-w-none"}
                />
              )}
            </section>
            {images.length > 1 && (
              <IconButton icon={ChevronRight} label={t("lightbox.next")} className={onDark} onClick={() => go(1)} />
            )}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

// The lightbox is dark in both themes: the button's own colours would be lost on it.
const onDark = "text-[#fff]! hover:bg-[rgb(255_255_255/0.2)]!";

interface Moves {
  go(step: number): void;
  magnify(step: number): void;
}

const keys: Record<string, (moves: Moves) => void> = {
  ArrowLeft: ({ go }) => go(-1),
  ArrowRight: ({ go }) => go(1),
  "+": ({ magnify }) => magnify(1),
  "-": ({ magnify }) => magnify(-1),
};

function DownloadLink({ url, name }: { url: string; name: string }) {
  return (
    <a
      href={url}
      download={name}
      aria-label={t("file.download", { name })}
      title={t("file.download", { name })}
      className="touch-target inline-flex size-8 items-center justify-center rounded-control text-[#fff] hover:bg-[rgb(255_255_255/0.2)]"
    >
      <Download aria-hidden size={16} strokeWidth={1.75} />
    </a>
  );
}
