import type { Card, Place } from "../chat/protocol";
import { FileBody } from "./FileBody";
import { Icon } from "./Icon";
import { Linked } from "./Linked";
import type { Shown } from "./rows";
import type { Viewed } from "./view";

// A few of them and nothing else are shown large.
const emojis = /^(?:\p{Extended_Pictographic}|\p{RI}|\p{EMod}|\u200d|\ufe0f|\s){1,16}$/u;

/** What a message says, whatever it is made of. */
export function Body({ view, message }: Viewed & { message: Shown }) {
  const { text, choice, file, place, card, deleted } = message;
  if (deleted) return <em>{view.t("deleted")}</em>;
  const words = text || choice?.title;
  return (
    <>
      {file && <FileBody view={view} file={file} />}
      {place && <PlaceBody view={view} place={place} />}
      {card && <CardBody card={card} />}
      {words && (
        <p class={emojis.test(words) ? "words emoji" : "words"} dir="auto">
          <Linked text={words} />
        </p>
      )}
    </>
  );
}

function PlaceBody({ view: { t }, place }: Viewed & { place: Place }) {
  const { latitude, longitude, name, address } = place;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return (
    <a class="card" href={map} target="_blank" rel="noopener noreferrer">
      <Icon name="place" size={20} />
      <span>
        <b dir="auto">{name ?? t("place")}</b>
        <small dir="auto">{address}</small>
        <small>{t("map")}</small>
      </span>
    </a>
  );
}

function CardBody({ card: { name, phones, emails } }: { card: Card }) {
  return (
    <div class="card">
      <Icon name="person" size={20} />
      <span>
        <b dir="auto">{name}</b>
        {[...(phones ?? []), ...(emails ?? [])].map((way) => (
          <a key={way} href={way.includes("@") ? `mailto:${way}` : `tel:${way.replace(/[^+\d]/g, "")}`}>
            {way}
          </a>
        ))}
      </span>
    </div>
  );
}
