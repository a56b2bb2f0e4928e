import type { View } from "./view";

// Within so many pixels of an edge the reader is at it.
const atEdge = 48;
const nearTop = 160;

interface Place {
  /** The reader is at the end and wants to stay there. */
  follows: boolean;
  /** Of what was in the box, and what was first in it. */
  height: number;
  first: string | undefined;
}

const places = new WeakMap<Element, Place>();

/** settle holds what the reader looks at: the end while they are at it, else their place, whatever was added above or below. */
export function settle(box: HTMLElement, view: View, first: string | undefined): void {
  const place = places.get(box) ?? begin(box);
  if (place.follows) end(box);
  else if (place.first !== first) box.scrollTop += box.scrollHeight - place.height;
  Object.assign(place, { height: box.scrollHeight, first });
  if (box.scrollHeight <= box.clientHeight) void view.chat.loadOlder();
}

/** scrolled notes where the reader is, and loads what is above before they get there. */
export function scrolled(box: HTMLElement, { chat, screen, show }: View): void {
  const away = box.scrollHeight - box.scrollTop - box.clientHeight > atEdge;
  Object.assign(places.get(box) ?? {}, { follows: !away });
  if (away !== screen.away) show({ away });
  if (box.scrollTop < nearTop) void chat.loadOlder();
}

/** toEnd is for the button beside the box. */
export function toEnd(event: Event): void {
  const box = (event.currentTarget as Element).previousElementSibling;
  if (box) end(box);
}

const end = (box: Element): void => void (box.scrollTop = box.scrollHeight);

function begin(box: HTMLElement): Place {
  const place: Place = { follows: true, height: 0, first: undefined };
  const follow = () => place.follows && end(box);
  new ResizeObserver(follow).observe(box);
  // Pictures without a known size make the list longer when they are there.
  box.addEventListener("load", follow, true);
  places.set(box, place);
  return place;
}
