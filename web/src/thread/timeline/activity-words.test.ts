import { expect, it } from "vitest";
import { anId, noon } from "~/api/fake/objects";
import type { Activity } from "~/api/types";
import { dateTime } from "~/i18n/format";
import { wordsFor } from "./activity-words";

const ada = { id: anId(2), name: "Ada" };
const ben = { id: anId(3), name: "Ben" };
const until = "2026-12-01T09:00:00.000Z";

const cases: [string, Activity["detail"], string][] = [
  ["conversation.status", { was: { status: "open" }, is: { status: "resolved" } }, "Ada resolved the conversation"],
  ["conversation.status", { was: { status: "resolved" }, is: { status: "open" } }, "Ada opened the conversation"],
  [
    "conversation.status",
    { is: { status: "snoozed", until } },
    `Ada snoozed the conversation until ${dateTime(until)}`,
  ],
  ["conversation.assigned", { was: null, is: ben }, "Ada assigned the conversation to Ben"],
  ["conversation.assigned", { was: null, is: ada }, "Ada took the conversation"],
  ["conversation.assigned", { was: ben, is: null }, "Ada assigned the conversation to nobody"],
  [
    "conversation.labeled",
    {
      added: [
        { id: "1", name: "refund" },
        { id: "2", name: "vip" },
      ],
      removed: [],
    },
    "Ada added refund and vip",
  ],
  ["conversation.labeled", { added: [], removed: [{ id: "1", name: "refund" }] }, "Ada removed refund"],
  [
    "conversation.labeled",
    { added: [{ id: "1", name: "a" }], removed: [{ id: "2", name: "b" }] },
    "Ada changed the labels",
  ],
  ["platform.call", { detail: "terminate" }, "Call: terminate"],
  ["platform.service", { detail: "new_chat_members", text: "Ana joined" }, "Service message: Ana joined"],
  ["platform.chat_boost", {}, "Platform: chat boost"],
  ["something.new", {}, "Ada: something new"],
];

it.each(cases)("%s %j", (action, detail, expected) => {
  const activity: Activity = { id: anId(1), at: noon, agent: ada, action, detail };
  expect(wordsFor(activity)).toBe(expected);
});

it("names the product where no agent did it", () => {
  const activity: Activity = {
    id: anId(1),
    at: noon,
    agent: null,
    action: "conversation.status",
    detail: { is: { status: "open" } },
  };
  expect(wordsFor(activity)).toBe("Omni opened the conversation");
});
