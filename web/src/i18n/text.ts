/** A sentence, or its forms by the plural of the parameter `n`. */
export type Entry = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { other: string });

export type Catalogue = Record<string, Entry>;

/** The same keys in another language. */
export type Translation<C extends Catalogue> = Record<keyof C, Entry>;

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type FormsOf<E> = E extends string ? E : E[keyof E];
type Params<E> = E extends string ? NamesIn<E> : NamesIn<FormsOf<E>> | "n";

/** Names every gap of an entry: leaving one out is a type error. */
export type Text<C extends Catalogue> = <K extends keyof C & string>(
  key: K,
  ...params: [Params<C[K]>] extends [never] ? [] : [Record<Params<C[K]>, string | number>]
) => string;

let language = "en";

/** The language of everything that is rendered from now on: set once, before the first paint. */
export function setLanguage(next: string): void {
  language = next;
  document.documentElement.lang = next;
}

export const currentLanguage = (): string => language;

/** Makes the t of one catalogue. The others hold the same keys in other languages. */
export function translator<C extends Catalogue>(english: C, others: Record<string, Translation<C>> = {}): Text<C> {
  return (key, ...params) => {
    const entry: Entry = others[language]?.[key] ?? english[key] ?? key;
    return phrase(entry, params[0] ?? {}, language);
  };
}

/** An entry as a sentence of its language, with its gaps filled. */
export function phrase(entry: Entry, values: Record<string, string | number>, language: string): string {
  return filled(formOf(entry, values.n, language), values, language);
}

function formOf(entry: Entry, n: string | number | undefined, language: string): string {
  if (typeof entry === "string") return entry;
  return entry[new Intl.PluralRules(language).select(Number(n))] ?? entry.other;
}

function filled(form: string, values: Record<string, string | number>, language: string): string {
  return form.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = values[name];
    if (value === undefined) return gap;
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
  });
}
