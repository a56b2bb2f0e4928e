import { CircleOff, LayoutTemplate } from "lucide-react";
import type { ReactNode } from "react";
import type { Attachment, Message } from "~/api/types";
import { MessageText } from "../../formatting/MessageText";
import { kindName } from "../../files/FileNotice";
import { t } from "../../text";
import {
  AppointmentCard,
  Card,
  ChoiceNote,
  ContactCard,
  OrderCard,
  OutLink,
  PlaceCard,
  PollCard,
  ReferralNote,
} from "./Cards";
import { Choices } from "./Choices";
import { Animation, DocumentFile, Film, Sound, Sticker } from "./Files";
import { Images } from "./Images";
import { isShared, Shared } from "./Shared";

interface ContentProps {
  message: Message;
  /** All messages of an album; their images are one grid. */
  album: Message[];
  marked: boolean;
}

/** What a message says, of whatever kind it is. */
export function Content({ message, album, marked }: ContentProps) {
  const { content } = message;
  const attachments = album.flatMap((part) => part.attachments);
  const worded = album.find((part) => part.text) ?? message;
  const caption = worded.text;
  // What a template says stands in the message; of the template itself its name is left to tell.
  const template = caption ? attachments.find(isNamedTemplate) : undefined;
  return (
    <div className="flex flex-col gap-1">
      {template && <TemplateMark name={template.title ?? ""} />}
      {content.forwarded && <p className="text-meta text-text-3 italic">{t("message.forwarded")}</p>}
      {content.referral && <ReferralNote referral={content.referral} />}
      {content.story && <StoryNote story={content.story} />}
      {content.product && <p className="text-meta text-text-3">{t("message.product", { product: content.product })}</p>}
      <Attachments attachments={attachments.filter((one) => one !== template)} />
      {content.order && <OrderCard order={content.order} />}
      {content.choice ? (
        <ChoiceNote choice={content.choice} text={caption} />
      ) : (
        caption && <MessageText text={caption} format={worded.content.format} marked={marked} />
      )}
      {content.choices && <Choices choices={content.choices} />}
      {isEmpty(message, attachments, caption) && <Unsupported message={message} />}
    </div>
  );
}

function isEmpty({ content }: Message, attachments: Attachment[], caption: string): boolean {
  return !caption && attachments.length === 0 && !content.order && !content.choice && !content.story;
}

const isNamedTemplate = ({ kind, title, link, file }: Attachment) =>
  kind === "template" && title !== null && !link && !file;

function TemplateMark({ name }: { name: string }) {
  return (
    <p className="flex items-center gap-1 text-meta text-text-3">
      <LayoutTemplate aria-hidden size={12} />
      {t("message.template", { name })}
    </p>
  );
}

/** Images lie together as a grid, everything else one below the other. */
function Attachments({ attachments }: { attachments: Attachment[] }) {
  const images = attachments.filter((one) => one.kind === "image" || one.kind === "live_photo");
  const others = attachments.filter((one) => !images.includes(one));
  return (
    <>
      {images.length > 0 && <Images images={images} />}
      {others.map((attachment, n) => (
        // An album's messages count their attachments each from 0.
        // oxlint-disable-next-line react/no-array-index-key
        <One key={`${attachment.file?.id ?? attachment.kind}:${n}`} attachment={attachment} />
      ))}
    </>
  );
}

function One({ attachment }: { attachment: Attachment }): ReactNode {
  switch (attachment.kind) {
    case "video":
    case "video_note":
      return <Film attachment={attachment} />;
    case "audio":
    case "voice":
      return <Sound attachment={attachment} />;
    case "animation":
      return <Animation attachment={attachment} />;
    case "sticker":
      return <Sticker attachment={attachment} />;
    case "document":
      return <DocumentFile attachment={attachment} />;
    case "location":
      return attachment.place && <PlaceCard place={attachment.place} />;
    case "contact":
      return attachment.card && <ContactCard card={attachment.card} />;
    case "poll":
    case "checklist":
      return <PollCard attachment={attachment} />;
    case "appointment":
      return <AppointmentCard attachment={attachment} />;
    case "order":
      return null; // the message's own order says it all
  }
  return isShared(attachment.kind) ? <Shared attachment={attachment} /> : <Unknown attachment={attachment} />;
}

function StoryNote({ story }: { story: { id?: string; url?: string } }) {
  return (
    <p className="border-s-2 border-control ps-2 text-chip text-text-2">
      {t("story.answered")} <OutLink href={story.url}>{t("story.open")}</OutLink>
    </p>
  );
}

/** The platform says that something was sent, and not what; or it is of a kind that came after this page was made. */
function Unsupported({ message }: { message: Message }) {
  const complaint = message.content.errors?.find((error) => error.reason || error.title);
  return (
    <Card icon={CircleOff} label={t("unsupported.label")} title={t("unsupported.title")}>
      <p className="text-chip text-text-2">{complaint?.reason || complaint?.title || t("unsupported.hint")}</p>
      <RawType type={message.type} />
    </Card>
  );
}

function Unknown({ attachment }: { attachment: Attachment }) {
  const name = attachment.kind === "unsupported" ? t("unsupported.title") : kindName(attachment.kind);
  return (
    <Card icon={CircleOff} label={t("unsupported.label")} title={attachment.title || name}>
      <p className="text-chip text-text-2">{t("unsupported.hint")}</p>
      <OutLink href={attachment.file?.url ?? attachment.link}>{t("shared.open")}</OutLink>
      <RawType type={attachment.kind} />
    </Card>
  );
}

function RawType({ type }: { type: string }) {
  return (
    <details className="text-meta text-text-3">
      <summary>{t("unsupported.details")}</summary>
      {t("unsupported.type", { type })}
    </details>
  );
}
