import type { Theme } from "../chat/protocol";

const hex = /^#[0-9a-f]{6}$/i;

/** The rules that a theme comes down to. What is no colour of the form #rrggbb stays ours: no other text of a site reaches the style sheet. */
export function themeRules({ accent, position, scheme }: Theme): string {
  const rules: string[] = [];
  if (accent && hex.test(accent)) rules.push(`--accent:${accent}`, `--on-accent:${readableOn(accent)}`);
  if (position === "start") rules.push("--start:20px", "--end:auto");
  if (scheme === "light" || scheme === "dark") rules.push(`color-scheme:${scheme}`);
  return rules.length > 0 ? `.chat{${rules.join(";")}}` : "";
}

// Where black and white can be read equally well: both have a contrast of 4.58 there, and everywhere else one has more.
const middle = 0.179;

/** readableOn is black or white, whichever can be read better on a colour. */
export const readableOn = (colour: string): string => (luminance(colour) > middle ? "#000000" : "#ffffff");

/** luminance is that of WCAG 2, from 0 to 1. */
export function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
