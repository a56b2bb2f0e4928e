import { CalendarDays, ExternalLink, type LucideIcon, MapPin, ShoppingBasket, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import type { Attachment, Card as PersonCard, Choice as Chosen, Order as Basket, Place, Referral } from "~/api/types";
import { dateTime, left } from "~/i18n/format";
import { safeHref } from "../../formatting/segments";
import { t } from "../../text";

interface CardProps {
  icon: LucideIcon;
  /** What it is, above its name. */
  label: string;
  title?: ReactNode;
  children?: ReactNode;
}

/** A thing that is no text and no file. */
export function Card({ icon: Icon, label, title, children }: CardProps) {
  return (
    <div className="flex max-w-80 min-w-56 gap-3 rounded-control border border-line bg-surface px-3 py-2">
      <Icon aria-hidden size={18} strokeWidth={1.75} className="mt-0.5 shrink-0 text-text-2" />
      <div className="min-w-0 flex-1 break-words">
        <p className="text-meta text-text-3">{label}</p>
        {title && <p className="font-medium">{title}</p>}
        {children}
      </div>
    </div>
  );
}

export function OutLink({ href, children }: { href: string | null | undefined; children: ReactNode }) {
  const safe = safeHref(href ?? undefined);
  if (!safe) return null;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow" className="inline-flex items-center gap-1">
      {children}
      <ExternalLink aria-hidden size={12} />
    </a>
  );
}

/** A place as words and a link: no map of somebody else's is drawn, which would tell them where the customer is. */
export function PlaceCard({ place }: { place: Place }) {
  const at = `${place.latitude},${place.longitude}`;
  return (
    <Card icon={MapPin} label={place.live ? t("place.live") : t("place.label")} title={place.name}>
      {place.address && <p>{place.address}</p>}
      <p className="text-chip text-text-2 tabular-nums">
        {degrees(place.latitude)}, {degrees(place.longitude)}
      </p>
      <OutLink
        href={`https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=16/${at.replace(",", "/")}`}
      >
        {t("place.map")}
      </OutLink>
    </Card>
  );
}

/** To a metre: platforms give more digits than a telephone can know. */
const degrees = (exact: number) => Number(exact.toFixed(5));

export function ContactCard({ card }: { card: PersonCard }) {
  return (
    <Card icon={UserRound} label={t("card.label")} title={card.name || t("card.nameless")}>
      {card.organization && <p className="text-text-2">{card.organization}</p>}
      <ul>
        {card.phones?.map((phone) => (
          <li key={phone}>
            <a href={`tel:${phone.replace(/[^+\d]/g, "")}`}>{phone}</a>
          </li>
        ))}
        {card.emails?.map((email) => (
          <li key={email}>
            <a href={`mailto:${email}`}>{email}</a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function OrderCard({ order }: { order: Basket }) {
  return (
    <Card icon={ShoppingBasket} label={t("order.label")} title={t("order.items", { n: order.items.length })}>
      <table className="mt-1 w-full text-chip">
        <tbody>
          {order.items.map((item, n) => (
            // The same product may stand in a basket twice.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={n}>
              <td className="pe-3 break-all">{item.product}</td>
              <td className="pe-3 text-end tabular-nums">
                {item.quantity && t("order.times", { quantity: item.quantity })}
              </td>
              <td className="text-end tabular-nums">{[item.price, item.currency].filter(Boolean).join(" ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** What the customer pressed or filled in. The text of the message is the title of it. */
export function ChoiceNote({ choice, text }: { choice: Chosen; text: string }) {
  return (
    <div>
      <p className="text-meta text-text-3">{t("choice.label", { kind: choice.kind.replaceAll("_", " ") })}</p>
      <p dir="auto" className="font-medium break-words">
        {choice.title || text || choice.id}
      </p>
      {choice.description && <p className="text-text-2">{choice.description}</p>}
      {choice.data && <FormAnswers data={choice.data} />}
    </div>
  );
}

/** A form's answers as the platform sent them: a table if they are one, and otherwise as they are. */
function FormAnswers({ data }: { data: string }) {
  const answers = fieldsOf(data);
  if (!answers) return <p className="text-chip break-words whitespace-pre-wrap">{data}</p>;
  return (
    <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 text-chip">
      {answers.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-text-3">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function fieldsOf(data: string): [string, string][] | null {
  try {
    const parsed: unknown = JSON.parse(data);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
    return Object.entries(parsed)
      .filter(([name]) => name !== "flow_token")
      .map(([name, value]) => [name.replaceAll("_", " "), typeof value === "string" ? value : JSON.stringify(value)]);
  } catch {
    return null;
  }
}

/** A poll or a checklist as it was sent; who voted for what comes as an event of its own. */
export function PollCard({ attachment }: { attachment: Attachment }) {
  return (
    <div className="min-w-48">
      <p className="text-meta text-text-3">{t(attachment.kind === "poll" ? "poll.label" : "checklist.label")}</p>
      {attachment.title && <p className="font-medium">{attachment.title}</p>}
      <ul className="mt-1 flex flex-col gap-1">
        {attachment.options?.map((option) => (
          <li key={option} className="rounded-control border border-line bg-surface px-2 py-1">
            {option}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function AppointmentCard({ attachment }: { attachment: Attachment }) {
  const { starts, ends, value } = attachment;
  return (
    <Card icon={CalendarDays} label={t("appointment.label")} title={attachment.title}>
      {starts && <time dateTime={starts}>{dateTime(starts)}</time>}
      {starts && ends && <span className="text-text-2"> · {left(ends, Date.parse(starts))}</span>}
      {value && <p className="text-text-2">{value}</p>}
    </Card>
  );
}

/** How the customer came to the chat: an ad, a post, a link. */
export function ReferralNote({ referral }: { referral: Referral }) {
  return (
    <div className="mb-1 border-s-2 border-control ps-2 text-chip">
      <p className="text-text-3">{t("referral.label", { source: referral.source || t("referral.link") })}</p>
      {referral.headline && <p className="font-medium">{referral.headline}</p>}
      {referral.body && <p className="line-clamp-3 text-text-2">{referral.body}</p>}
      {referral.ref && <p className="break-all text-text-2">{t("referral.ref", { ref: referral.ref })}</p>}
      <OutLink href={referral.url}>{t("referral.open")}</OutLink>
    </div>
  );
}
