import { describe, expect, it } from "vitest";
import { setLanguage, translator } from "./text";

const english = {
  hello: "Hello {name}",
  chats: { one: "{n} chat of {name}", other: "{n} chats of {name}" },
  plain: "Plain",
} as const;

describe("translator", () => {
  const t = translator(english, {
    pl: { hello: "Cześć {name}", chats: { one: "{n} czat", few: "{n} czaty", other: "{n} czatów" }, plain: "Zwykły" },
  });

  it("fills gaps and chooses the plural form", () => {
    setLanguage("en");
    expect(t("hello", { name: "Ada" })).toBe("Hello Ada");
    expect(t("chats", { n: 1, name: "Ada" })).toBe("1 chat of Ada");
    expect(t("chats", { n: 1200, name: "Ada" })).toBe("1,200 chats of Ada");
  });

  it("knows the plural forms of another language", () => {
    setLanguage("pl");
    expect(t("chats", { n: 3, name: "Ada" })).toBe("3 czaty");
    expect(t("chats", { n: 5, name: "Ada" })).toBe("5 czatów");
    expect(t("plain")).toBe("Zwykły");
    setLanguage("en");
  });

  it("demands every gap, by its type", () => {
    // @ts-expect-error name is missing
    expect(t("hello", {})).toBe("Hello {name}");
  });
});
