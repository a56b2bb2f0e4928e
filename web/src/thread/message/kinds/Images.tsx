import { clsx } from "clsx";
import { lazy, Suspense, useState } from "react";
import type { Attachment } from "~/api/types";
import { useNow } from "~/i18n/clock";
import { FileNotice } from "../../files/FileNotice";
import { viewOf } from "../../files/file-state";
import { t } from "../../text";

const Lightbox = lazy(() => import("../../lightbox/Lightbox"));

/** So many are shown; the last one says how many more there are. */
const SHOWN = 4;
const LARGEST = 320;

/** One image, or those of an album as a grid. Each opens large. */
export function Images({ images }: { images: Attachment[] }) {
  const [open, setOpen] = useState<number | null>(null);
  const shown = images.slice(0, SHOWN);
  return (
    <>
      <div className={clsx("grid gap-1", images.length > 1 && "grid-cols-2")}>
        {shown.map((image, n) => (
          <Tile
            key={image.file?.id ?? image.position}
            image={image}
            more={n === SHOWN - 1 ? images.length - SHOWN : 0}
            alone={images.length === 1}
            wide={images.length === 3 && n === 2}
            onOpen={() => setOpen(n)}
          />
        ))}
      </div>
      {open !== null && (
        <Suspense>
          <Lightbox images={images} start={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}

interface TileProps {
  image: Attachment;
  more: number;
  alone: boolean;
  wide: boolean;
  onOpen(): void;
}

function Tile({ image, more, alone, wide, onOpen }: TileProps) {
  const view = viewOf(image, useNow());
  const size = alone ? sizeOf(image) : undefined;
  if (view.state !== "ready") return <FileNotice attachment={image} view={view} style={size} />;
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label={t("image.open", { name: image.name || image.title || t("kind.image") })}
      style={size}
      className={clsx(
        "relative overflow-hidden rounded-control bg-raised",
        !alone && "h-36 w-full min-w-32",
        wide && "col-span-2",
      )}
    >
      <img
        src={view.url}
        alt={image.name || image.title || t("kind.image")}
        width={image.width || undefined}
        height={image.height || undefined}
        loading="lazy"
        decoding="async"
        className="size-full object-cover"
      />
      {more > 0 && (
        <span className="absolute inset-0 flex items-center justify-center bg-scrim text-page font-semibold text-[#fff]">
          {t("image.more", { n: more })}
        </span>
      )}
    </button>
  );
}

/** The size of an image as it is shown, before it is there: nothing moves when it comes. */
export function sizeOf({ width, height }: Pick<Attachment, "width" | "height">): {
  width: number;
  aspectRatio: string;
  maxWidth: string;
} {
  if (!width || !height) return { width: 240, aspectRatio: "4 / 3", maxWidth: "100%" };
  const scale = Math.min(1, LARGEST / width, LARGEST / height);
  return { width: Math.max(64, Math.round(width * scale)), aspectRatio: `${width} / ${height}`, maxWidth: "100%" };
}
