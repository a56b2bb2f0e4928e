import { describe, expect, it } from "vitest";
import type { Channel } from "~/api/types";
import { type ChoiceLimit, choicesOf, extrasOf, faultOf, type Pick, pointOf } from "./offer";

const limit: ChoiceLimit = { options: 3, text: { max: 20, unit: "characters" }, title: 5, description: 4, id: 64 };
const pick = (title: string, description = ""): Pick => ({ title, description });

describe("what can be sent besides texts and files", () => {
  it.each([
    [{ choices: limit, places: true, cards: true }, ["choices", "place", "card"]],
    [{ choices: limit }, ["choices"]],
    [{}, []],
  ])("is what the channel can: %o", (sends, extras) => {
    expect(extrasOf({ sends } as unknown as Channel)).toEqual(extras);
  });
});

describe("choices", () => {
  it("leave out what is empty, and have ids in their order", () => {
    expect(choicesOf(limit, " When? ", [pick("Now"), pick(" "), pick("Later", "soon")])).toEqual({
      text: "When?",
      choices: {
        options: [
          { id: "1", title: "Now" },
          { id: "2", title: "Later", description: "soon" },
        ],
      },
    });
  });

  it.each([
    ["no question", " ", [pick("Now")]],
    ["too long a question", "When would you like it?", [pick("Now")]],
    ["nothing to pick", "When?", [pick("")]],
    ["too long a choice", "When?", [pick("Tomorrow")]],
    ["too long a description", "When?", [pick("Now", "right away")]],
    ["one twice", "When?", [pick("Now"), pick("Now ")]],
  ])("are not sent with %s", (_, question, picks) => {
    expect(choicesOf(limit, question, picks)).toBeNull();
  });

  it("say what is wrong beside the one that is", () => {
    const picks = [pick("Now"), pick("Tomorrow"), pick("Now"), pick("Later", "right away"), pick("")];
    expect(picks.map((_, n) => faultOf(limit, picks, n))).toEqual([null, "long", "twice", "longDescription", null]);
  });
});

describe("a place", () => {
  it.each([
    ["52.5163, 13.3777", { latitude: 52.5163, longitude: 13.3777 }],
    [" -33.86 151.2", { latitude: -33.86, longitude: 151.2 }],
    ["52.5°, 13.4°", { latitude: 52.5, longitude: 13.4 }],
    ["91, 0", null],
    ["52.5", null],
    ["Pariser Platz", null],
    ["", null],
  ])("is read of %o", (text, point) => {
    expect(pointOf(text)).toEqual(point);
  });
});
