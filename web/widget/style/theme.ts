import type { Theme } from "../chat/protocol";

const ink = "#16191d";
const paper = "#ffffff";
const hex = /^#[0-9a-f]{6}$/i;

/** The rules that a theme comes down to. What is no colour of the form #rrggbb stays ours: no other text of a site reaches the style sheet. */
export function themeRules({ accent, position, scheme }: Theme): string {
  const rules: string[] = [];
  if (accent && hex.test(accent)) rules.push(`--accent:${accent}`, `--on-accent:${readableOn(accent)}`);
  if (position === "start") rules.push("--start:20px", "--end:auto");
  if (scheme === "light" || scheme === "dark") rules.push(`color-scheme:${scheme}`);
  return rules.length > 0 ? `.chat{${rules.join(";")}}` : "";
}

/** readableOn is black or white, whichever can be read better on a colour: one of them always has a contrast of 4.5. */
export function readableOn(colour: string): string {
  return contrast(colour, paper) >= contrast(colour, ink) ? paper : ink;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** By WCAG 2. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
