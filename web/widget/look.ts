import type { Site } from "./chat/client";
import type { Settings, Theme } from "./chat/protocol";
import { firstLanguage, isRightToLeft, textsIn, type OwnTexts } from "./i18n/texts";

/** How the page wants the chat to look and what to say, by the element's methods. */
export interface Look {
  texts?: OwnTexts;
  theme?: Theme;
}

/** siteOf is where the element's chat is answered. */
export const siteOf = (element: Element): Site => ({
  endpoint: (element.getAttribute("endpoint") ?? "").replace(/\/+$/, ""),
  account: element.getAttribute("account") || "default",
});

export const languageOf = (element: Element): string =>
  firstLanguage(element.getAttribute("lang"), document.documentElement.lang, navigator.language);

export function directionOf(element: Element): "ltr" | "rtl" {
  const given = element.getAttribute("dir");
  if (given === "rtl" || given === "ltr") return given;
  return isRightToLeft(languageOf(element)) ? "rtl" : "ltr";
}

/** textsOf: the page's words come before its attribute's, these before the site's settings, these before ours. */
export function textsOf(element: Element, settings: Settings | null, own: Look) {
  const { title, subtitle, greeting, texts } = settings ?? {};
  return textsIn(languageOf(element), {
    ...said({ title, subtitle, greeting }),
    ...texts,
    ...parsed(element.getAttribute("texts")),
    ...own.texts,
  });
}

/** themeOf: in the same order as the texts. */
export function themeOf(element: Element, settings: Settings | null, own: Look): Theme {
  const names = ["accent", "scheme", "position", "logo"];
  const attributes = Object.fromEntries(names.map((name) => [name, element.getAttribute(name) ?? undefined]));
  return { ...settings?.theme, ...said(attributes), ...own.theme };
}

/** said leaves out what nobody said anything about. */
const said = <T extends Record<string, string | undefined>>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as Partial<T>;

function parsed(json: string | null): OwnTexts {
  try {
    return JSON.parse(json ?? "{}") as OwnTexts;
  } catch {
    return {};
  }
}
