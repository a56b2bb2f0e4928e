import type { Page } from "playwright-core";
import { ben, type Desk, expect, test } from "../support/desk";
import { messageOf, open, replyField } from "../support/inbox";

for (const channel of ["whatsapp", "messenger", "telegram"]) {
  test(`choices go to a customer of ${channel}, who presses one on their phone`, async ({ desk }) => {
    const name = `Chooser of ${channel}`;
    const phone = await phoneOf(desk, channel, name);
    const page = await desk.seat(ben, "/inbox/all");
    await open(page, `Hello from ${name}`);
    await replyField(page).fill("When shall we come?");
    const dialog = await extra(page, "Offer choices");
    expect(await dialog.getByLabel("Question").inputValue()).toBe("When shall we come?");
    const send = dialog.getByRole("button", { name: "Send", exact: true });
    expect(await send.isDisabled()).toBe(true);
    await dialog.getByLabel("Choice 1", { exact: true }).fill("On Monday");
    await dialog.getByLabel("Choice 2", { exact: true }).fill("On Monday");
    await dialog.getByText("Another choice reads the same").waitFor();
    await dialog.getByLabel("Choice 2", { exact: true }).fill("On Friday");
    await send.click();
    await dialog.waitFor({ state: "detached" });
    expect(await replyField(page).inputValue()).toBe("");
    await messageOf(page, "When shall we come?")
      .getByRole("list", { name: "Choices" })
      .getByText("On Friday")
      .first() // the one on its way may still be there
      .waitFor();

    await phone.getByText("When shall we come?").waitFor();
    await phone.getByRole("button", { name: "On Friday" }).click();
    await page
      .getByRole("article")
      .filter({ hasText: /Chose \(/ })
      .filter({ hasText: "On Friday" })
      .waitFor();
  });
}

test("a place and a contact card reach the phone", async ({ desk }) => {
  const phone = await phoneOf(desk, "whatsapp", "Vera Visitor");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, "Hello from Vera Visitor");
  await replyField(page).fill("Not sent yet");
  const place = await extra(page, "Send a place");
  await place.getByLabel("Coordinates").fill("Pariser Platz");
  await place.getByText("This is no place on earth").waitFor();
  await place.getByLabel("Coordinates").fill("52.5163, 13.3777");
  await place.getByLabel("Name").fill("Our shop");
  await place.getByLabel("Address").fill("Pariser Platz 1");
  await place.getByRole("button", { name: "Send", exact: true }).click();
  await phone.getByText("Our shop").waitFor();
  await phone.getByText("Pariser Platz 1 · 52.5163, 13.3777").waitFor();
  await messageOf(page, "Our shop").getByText("Pariser Platz 1").waitFor();

  const card = await extra(page, "Send a contact card");
  await card.getByLabel("Name").fill("Repair desk");
  await card.getByLabel("Phone").fill("+49 30 1234567");
  await card.getByRole("button", { name: "Send", exact: true }).click();
  await phone.getByText("+49 30 1234567").waitFor();
  await messageOf(page, "Repair desk").getByRole("link", { name: "+49 30 1234567" }).waitFor();
  expect(await replyField(page).inputValue()).toBe("Not sent yet");
});

test("what a channel cannot send is not offered", async ({ desk }) => {
  await phoneOf(desk, "instagram", "Ines Insta");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, "Hello from Ines Insta");
  await page.getByRole("button", { name: "Send something else" }).click();
  await page.getByRole("menuitem", { name: "Offer choices" }).waitFor();
  expect(await page.getByRole("menuitem").count()).toBe(1);
});

/** phoneOf is the simulator's phone of a new customer, who has said hello. */
async function phoneOf(desk: Desk, channel: string, name: string) {
  const table = await desk.window();
  await table.goto("/simulator");
  await table.getByLabel("Channel").selectOption(channel);
  await table.getByLabel("Name").fill(name);
  await table.getByRole("button", { name: "Add customer" }).click();
  const phone = table.getByRole("region", { name: `Phone of ${name}` });
  await phone.getByRole("textbox").fill(`Hello from ${name}`);
  await phone.getByRole("button", { name: "Send", exact: true }).click();
  await phone.getByText("Accepted").waitFor();
  return phone;
}

/** extra opens the dialog of something else to send. */
async function extra(page: Page, what: string) {
  await page.getByRole("button", { name: "Send something else" }).click();
  await page.getByRole("menuitem", { name: what }).click();
  return page.getByRole("dialog", { name: what });
}
