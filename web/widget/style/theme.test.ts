import { describe, expect, it } from "vitest";
import { luminance, readableOn, themeRules } from "./theme";

describe("themeRules", () => {
  it("is nothing without a theme", () => expect(themeRules({})).toBe(""));
  it("takes a colour, a side and a scheme", () =>
    expect(themeRules({ accent: "#ffd54a", position: "start", scheme: "dark" })).toBe(
      ".chat{--accent:#ffd54a;--on-accent:#000000;--start:20px;--end:auto;color-scheme:dark}",
    ));
  it.each(["red", "#fff", "#12345g", "#123456;}*{display:none", "url(https://example.com)"])("takes no %j", (accent) =>
    expect(themeRules({ accent })).toBe(""),
  );
});

it("what stands on a colour has a contrast of 4.5, whatever the colour", () => {
  const steps = ["00", "33", "66", "77", "88", "99", "cc", "ff"];
  const colours = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => `#${r}${g}${b}`)));
  const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const worst = Math.min(...colours.map((each) => contrast(luminance(each), luminance(readableOn(each)))));
  expect(worst).toBeGreaterThan(4.5);
});
