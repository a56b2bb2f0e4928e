import { phrase, type Catalogue, type Entry, type Text } from "~/i18n/text";
import { de } from "./de";
import { en } from "./en";

export type TextKey = keyof typeof en;

/** What a site says in other words than we do. */
export type OwnTexts = Partial<Record<TextKey, Entry>>;

const catalogues: Record<string, Catalogue> = { en, de };
const rightToLeft = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/;

/** textsIn makes the texts of a language, with a site's own words before ours. A language that we do not speak has the site's words and English. */
export function textsIn(language: string, own: OwnTexts): Text<typeof en> {
  const spoken = catalogues[language.split("-")[0] ?? ""] ?? en;
  return (key, ...params) => phrase(own[key] ?? spoken[key] ?? en[key], params[0] ?? {}, language);
}

export const isRightToLeft = (language: string): boolean => rightToLeft.test(language);

/** firstLanguage is the first of the wishes that names a language; browsers throw at others. */
export function firstLanguage(...wishes: (string | null)[]): string {
  const known = wishes.find((wish) => {
    try {
      return wish && Intl.getCanonicalLocales(wish).length > 0;
    } catch {
      return false;
    }
  });
  return known ?? "en";
}
