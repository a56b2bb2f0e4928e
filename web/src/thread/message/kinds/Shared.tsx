import {
  Clapperboard,
  CircleDashed,
  Dices,
  EyeOff,
  Gamepad2,
  Heart,
  Images as ImagesIcon,
  Link2,
  type LucideIcon,
  Lock,
  MessageSquareText,
  Receipt,
  Share2,
} from "lucide-react";
import type { Attachment } from "~/api/types";
import { useNow } from "~/i18n/clock";
import { viewOf } from "../../files/file-state";
import { t } from "../../text";
import { Card, OutLink } from "./Cards";

const kinds = {
  story: CircleDashed,
  story_mention: CircleDashed,
  share: Share2,
  post: ImagesIcon,
  reel: Clapperboard,
  fallback: Link2,
  template: MessageSquareText,
  ephemeral: EyeOff,
  like_heart: Heart,
  dice: Dices,
  game: Gamepad2,
  invoice: Receipt,
  paid_media: Lock,
} satisfies Record<string, LucideIcon>;

type SharedKind = keyof typeof kinds;

export const isShared = (kind: string): kind is SharedKind => Object.hasOwn(kinds, kind);

/** Something of the platform's own: a story, a post, a reel, a link, a game. Its file is shown while the platform gives it. */
export function Shared({ attachment }: { attachment: Attachment }) {
  const view = viewOf(attachment, useNow());
  const kind = attachment.kind as SharedKind;
  const picture =
    view.state === "ready" && attachment.file && attachment.mime?.startsWith("image/") ? view.url : undefined;
  const film =
    view.state === "ready" && attachment.file && attachment.mime?.startsWith("video/") ? view.url : undefined;
  return (
    <Card icon={kinds[kind]} label={t(`shared.${kind}`)} title={attachment.title || attachment.emoji}>
      {picture && (
        <img src={picture} alt={t(`shared.${kind}`)} loading="lazy" className="my-1 max-h-64 rounded-control" />
      )}
      {film && (
        // What customers share has no captions of ours.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          src={film}
          controls
          preload="metadata"
          aria-label={t(`shared.${kind}`)}
          className="my-1 max-h-64 rounded-control"
        />
      )}
      {attachment.value && <p>{attachment.value}</p>}
      {attachment.link && !attachment.file && <OutLink href={attachment.link}>{t("shared.open")}</OutLink>}
      {attachment.file && view.state === "missing" && <p className="text-chip text-text-2">{view.reason}</p>}
      {attachment.file && view.state === "waiting" && <p className="text-chip text-text-2">{t("file.waiting")}</p>}
    </Card>
  );
}
