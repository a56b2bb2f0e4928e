import type { shell } from "~/i18n/en/shell";

type TextKey = Extract<keyof typeof shell, `keys.${string}`>;

/** All shortcuts, as the dialog lists them. They are handled where what they act on is. */
export const keyGroups: { name: TextKey; keys: [string[], TextKey][] }[] = [
  {
    name: "keys.group.list",
    keys: [
      [["j"], "keys.next"],
      [["k"], "keys.previous"],
      [["Enter"], "keys.open"],
      [["Esc", "u"], "keys.back"],
      [["x"], "keys.select"],
      [["1", "2", "3"], "keys.views"],
    ],
  },
  {
    name: "keys.group.actions",
    keys: [
      [["e"], "keys.resolve"],
      [["h"], "keys.snooze"],
      [["a"], "keys.assign"],
      [["i"], "keys.assignMe"],
      [["l"], "keys.label"],
      [["shift+u"], "keys.unread"],
      [["z"], "keys.undo"],
    ],
  },
  {
    name: "keys.group.thread",
    keys: [
      [["r"], "keys.reply"],
      [["n"], "keys.note"],
      [["/"], "keys.canned"],
      [["p"], "keys.panel"],
    ],
  },
  {
    name: "keys.group.go",
    keys: [
      [["mod+k"], "keys.palette"],
      [["/"], "keys.search"],
      [["g i"], "keys.goInbox"],
      [["g c"], "keys.goContacts"],
      [["g s"], "keys.goSettings"],
      [["g a"], "keys.goAdmin"],
      [["F6"], "keys.panes"],
      [["?"], "keys.help"],
    ],
  },
];
