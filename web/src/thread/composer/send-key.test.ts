import { expect, it } from "vitest";
import { sends } from "./send-key";

const enter = {
  key: "Enter",
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  keyCode: 13,
  nativeEvent: { isComposing: false },
};

const cases: [string, Partial<typeof enter>, boolean, boolean][] = [
  // what is pressed, changes to it, sends with "enter", sends with "mod+enter"
  ["Enter", {}, true, false],
  ["Shift+Enter", { shiftKey: true }, false, false],
  ["Ctrl+Enter", { ctrlKey: true }, true, true],
  ["Cmd+Enter", { metaKey: true }, true, true],
  ["Alt+Enter", { altKey: true }, false, false],
  ["Enter that confirms a composition", { nativeEvent: { isComposing: true } }, false, false],
  ["Enter that confirms one in Safari", { keyCode: 229 }, false, false],
  ["another key", { key: "a", ctrlKey: true }, false, false],
];

it.each(cases)("%s", (_, changes, byEnter, byModifier) => {
  const event = { ...enter, ...changes };
  expect(sends(event, "enter")).toBe(byEnter);
  expect(sends(event, "mod+enter")).toBe(byModifier);
});
