import type { Channel, NewMessage } from "~/api/types";
import { fits, lengthIn } from "../limits";

/** What goes to the customer besides texts, files and templates. */
export type Extra = "choices" | "place" | "card";

/** Those that the channel can send. */
export function extrasOf({ sends }: Channel): Extra[] {
  const able: [Extra, boolean][] = [
    ["choices", sends.choices !== undefined],
    ["place", sends.places === true],
    ["card", sends.cards === true],
  ];
  return able.filter(([, can]) => can).map(([extra]) => extra);
}

export type ChoiceLimit = NonNullable<Channel["sends"]["choices"]>;

/** One thing to pick, as the agent enters it. */
export interface Pick {
  title: string;
  description: string;
}

export type PickFault = "long" | "longDescription" | "twice" | null;

/** What is wrong with one of the things to pick; an empty one is left out and never wrong. */
export function faultOf(limit: ChoiceLimit, picks: readonly Pick[], at: number): PickFault {
  const { title = "", description = "" } = picks[at] ?? {};
  if (lengthIn("characters", title.trim()) > limit.title) return "long";
  if (lengthIn("characters", description.trim()) > (limit.description ?? 0)) return "longDescription";
  const same = picks.slice(0, at).some((other) => other.title.trim() === title.trim());
  return title.trim() !== "" && same ? "twice" : null;
}

/** The question with what can be picked, or null while the platform would not take it. */
export function choicesOf(limit: ChoiceLimit, question: string, picks: readonly Pick[]): NewMessage | null {
  const text = question.trim();
  const options = picks
    .map(({ title, description }) => ({ title: title.trim(), description: description.trim() }))
    .filter(({ title }) => title !== "")
    .map(({ title, description }, n) => ({ id: String(n + 1), title, ...(description && { description }) }));
  const faulty = picks.some((_, n) => faultOf(limit, picks, n) !== null);
  if (text === "" || !fits(limit.text, text) || options.length === 0 || faulty) return null;
  return { text, choices: { options } };
}

const degrees = String.raw`([+-]?\d+(?:\.\d+)?)`;
const pair = new RegExp(String.raw`^\s*${degrees}°?\s*[,; ]\s*${degrees}°?\s*$`);

/** Latitude and longitude as maps show them: 52.5163, 13.3777; null: it is no place on earth. */
export function pointOf(text: string): { latitude: number; longitude: number } | null {
  const [, north, east] = pair.exec(text) ?? [];
  if (north === undefined || east === undefined) return null;
  const [latitude, longitude] = [Number(north), Number(east)];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
