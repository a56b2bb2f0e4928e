import { ada, ben, expect, test } from "../support/desk";
import { answer, messageOf, open, replyField } from "../support/inbox";
import { until } from "../support/until";

test("a canned reply comes by a slash, with the customer's name in it", async ({ desk }) => {
  const admin = await desk.seat(ada, "/admin/canned-replies");
  await admin.getByRole("button", { name: "New canned reply" }).click();
  const form = admin.getByRole("dialog");
  await form.getByLabel("Shortcut").fill("hours");
  await form.getByLabel("Title").fill("Opening hours");
  await form.getByRole("textbox", { name: "Text" }).fill("Hello {{contact.name}}, we are open from nine to six.");
  await form.getByLabel("For everybody").check();
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "detached" });

  const customer = await desk.customer("whatsapp", "Carla Canned");
  await customer.writes("When are you open?");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);
  await replyField(page).pressSequentially("/hou");
  await page.getByRole("option", { name: /Opening hours/ }).waitFor();
  await page.keyboard.press("Enter");
  const text = "Hello Carla Canned, we are open from nine to six.";
  await expect.poll(() => replyField(page).inputValue()).toBe(text);
  expect((await customer.sees()).filter((entry) => entry.from === "us")).toEqual([]);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  expect((await customer.gets(text)).times).toBe(1);
});

test("an agent reacts to a message, takes it back, and answers an earlier one", async ({ desk }) => {
  const customer = await desk.customer("whatsapp", "Rita Reaction");
  const thanks = await customer.writes("You are the best");
  await customer.writes("One more thing");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);
  const message = messageOf(page, "You are the best");
  await message.hover();
  await message.getByRole("button", { name: "React" }).click();
  await page.getByRole("dialog", { name: "Choose a reaction" }).getByRole("button", { name: "❤️" }).click();
  const ours = message.getByRole("button", { name: "We reacted with ❤️" });
  await ours.waitFor();
  const reactions = async () =>
    (await customer.sees())
      .filter(({ from, kind }) => from === "us" && kind === "reaction")
      .map(({ content, target }) => [content?.reaction?.emoji, target]);
  await until("the customer has the reaction", async () => (await reactions()).length === 1);
  expect(await reactions()).toEqual([["❤️", thanks.id]]);
  await ours.click();
  await ours.waitFor({ state: "detached" });

  await message.hover();
  await message.getByRole("button", { name: "Answer this message" }).click();
  await page.getByText("Answering: You are the best").waitFor();
  await answer(page, "Thank you, Rita");
  expect((await customer.gets("Thank you, Rita")).times).toBe(1);
  const quote = messageOf(page, "Thank you, Rita").getByRole("button", { name: /Show what this answers/ });
  expect(await quote.textContent()).toContain("You are the best");
  await messageOf(page, "Thank you, Rita").getByText("Read", { exact: true }).waitFor();
});
