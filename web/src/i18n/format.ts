import { currentLanguage } from "./text";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const formats = new Map<string, Intl.DateTimeFormat>();

// Making a format costs far more than using it, and a list makes hundreds of times.
function format(options: Intl.DateTimeFormatOptions, language = currentLanguage()): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(language, options);
    formats.set(key, made);
  }
  return made;
}

/** 10:41 */
export const clockTime = (at: string | number | Date, language?: string) =>
  format({ hour: "2-digit", minute: "2-digit" }, language).format(new Date(at));

/** Monday, 30 November 2026 at 10:41, for tooltips. */
export const fullTime = (at: string | number | Date) =>
  format({ dateStyle: "full", timeStyle: "short" }).format(new Date(at));

/** 30 Nov 2026, 10:41 */
export const dateTime = (at: string | number | Date) =>
  format({ dateStyle: "medium", timeStyle: "short" }).format(new Date(at));

/** 30 Nov, with the year if it is another one. */
export function shortDate(at: string | number | Date, now: number): string {
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return format({ day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(date);
}

/** Today, Yesterday, or the date. */
export function dayName(at: string | number | Date, now: number, language = currentLanguage()): string {
  const days = daysBetween(new Date(at), new Date(now));
  if (days < 2) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
  return format({ weekday: "long", day: "numeric", month: "long" }, language).format(new Date(at));
}

// Counted between midnights: a day with a change of clocks is not 24 hours long.
const daysBetween = (from: Date, to: Date): number => Math.round((midnight(to) - midnight(from)) / day);

const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());

/** How long ago, as short as a list wants it: now, 2m, 9h, 3d, then the date. */
export function ago(at: string | number | Date, now: number): string {
  const passed = now - new Date(at).getTime();
  if (passed < minute)
    return new Intl.RelativeTimeFormat(currentLanguage(), { numeric: "auto", style: "narrow" }).format(0, "second");
  if (passed < 7 * day) return span(passed, false);
  return shortDate(at, now);
}

/** How much is left, in two units: 3h 12m. */
export const left = (until: string | number | Date, now: number) =>
  span(Math.max(0, new Date(until).getTime() - now), true);

function span(ms: number, fine: boolean): string {
  const parts: [number, string][] = [
    [Math.floor(ms / day), "day"],
    [Math.floor((ms % day) / hour), "hour"],
    [Math.floor((ms % hour) / minute), "minute"],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return unit(0, "minute");
  return parts
    .slice(first, first + (fine ? 2 : 1))
    .filter(([n]) => n > 0)
    .map(([n, name]) => unit(n, name))
    .join(" ");
}

const unit = (n: number, name: string) =>
  new Intl.NumberFormat(currentLanguage(), { style: "unit", unit: name, unitDisplay: "narrow" }).format(n);

/** 1.2 MB, in the decimal units that platforms publish their limits in. */
export function fileSize(bytes: number, language = currentLanguage()): string {
  const names = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(names.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: names[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1000 ** step);
}

/** 0:42, 1:02:03 */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export const list = (items: string[]) => new Intl.ListFormat(currentLanguage(), { type: "conjunction" }).format(items);

const two = (n: number) => String(n).padStart(2, "0");
