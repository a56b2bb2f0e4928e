import { ben, chiara, expect, test } from "../support/desk";
import { answer, messageOf, open, replyField, rowOf } from "../support/inbox";

test("two agents see each other at the same conversation, and what the other does", async ({ desk }) => {
  const customer = await desk.customer("whatsapp", "Sofia Rossi");
  await customer.writes("Who can help me?");
  const [one, other] = [await desk.seat(ben, "/inbox/all"), await desk.seat(chiara, "/inbox/all")];
  await open(one, customer.name);
  await open(other, customer.name);

  await one.getByText("Chiara Rossi is looking at this").waitFor({ state: "attached" });
  await replyField(other).pressSequentially("I can h", { delay: 30 });
  await one.getByText("Chiara Rossi is replying").first().waitFor({ state: "attached" });

  // Whoever answers what nobody has takes it; the other sees that without a reload.
  await answer(other, "I can help you, Sofia.");
  await messageOf(one, "I can help you, Sofia.").waitFor();
  await expect.poll(() => rowOf(one, customer.name).getAttribute("aria-label")).toContain("Chiara Rossi");
});

test("an answer that crosses a colleague's is asked about before it goes", async ({ desk }) => {
  const customer = await desk.customer("telegram", "Jan Kowalski");
  await customer.writes("When do you open?");
  const [one, other] = [await desk.seat(ben, "/inbox/all"), await desk.seat(chiara, "/inbox/all")];
  await open(one, customer.name);
  await open(other, customer.name);
  await replyField(one).fill("At ten");
  await answer(other, "At nine.");
  await messageOf(one, "At nine.").waitFor();
  expect(await replyField(one).inputValue()).toBe("At ten");
  await one.getByRole("button", { name: "Send", exact: true }).click();
  await one.getByRole("dialog").getByText("Chiara Rossi answered while you were writing").waitFor();
  await one.getByRole("button", { name: "Cancel" }).click();
  expect((await customer.sees()).filter((entry) => entry.from === "us").map((entry) => entry.text)).toEqual([
    "At nine.",
  ]);
});
