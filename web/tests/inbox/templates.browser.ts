import type { Page } from "playwright-core";
import { closeWindow } from "../support/database";
import { ada, ben, expect, test } from "../support/desk";
import { messageOf, open, replyField, rowOf } from "../support/inbox";

/** The templates are listed when the platform is asked, as every day. */
async function listTemplates(page: Page): Promise<void> {
  const account = page
    .getByRole("article")
    .filter({ has: page.getByRole("button", { name: "Templates" }) })
    .first();
  await account.getByRole("button", { name: "Test now" }).click();
  await account.getByText("The platform has answered.").waitFor();
}

test("when the time for answers is over, a template goes with everything that it needs", async ({ desk }) => {
  const customer = await desk.customer("whatsapp", "Tariq Late");
  await customer.writes("Where is my order?");
  await listTemplates(await desk.seat(ada, "/admin/channels"));
  await closeWindow(customer.name);

  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);
  await page.getByText("WhatsApp now takes only a template that it has approved.").waitFor();
  expect(await replyField(page).count()).toBe(0);
  await page.getByRole("button", { name: "Send a template" }).click();

  const dialog = page.getByRole("dialog", { name: "Send a template" });
  expect(await dialog.getByRole("button", { name: /free_money/ }).isDisabled()).toBe(true);
  await dialog.getByRole("searchbox", { name: "Find a template" }).fill("order_del");
  await dialog.getByRole("button", { name: /order_delayed/ }).click();
  const send = dialog.getByRole("button", { name: "Send", exact: true });
  expect(await send.isDisabled()).toBe(true);
  await dialog.getByLabel("Heading, {{1}}").fill("4711");
  await dialog.getByLabel("Text, {{1}}").fill("Friday");
  await dialog.getByLabel("Text, {{2}}").fill("the snow");
  expect(await send.isDisabled()).toBe(true);
  await dialog.getByLabel("Button “Track it”").fill("4711");
  await dialog.getByText("We are sorry: it takes until Friday, because of the snow.").waitFor();
  await send.click();
  await dialog.waitFor({ state: "detached" });

  const words = "We are sorry: it takes until Friday, because of the snow.";
  await messageOf(page, words).getByText("Read", { exact: true }).waitFor();
  await messageOf(page, words).getByText("Template: order_delayed").waitFor();
  await expect.poll(() => rowOf(page, customer.name).textContent()).toContain("it takes until Friday");
  const got = await customer.gets("order_delayed");
  expect(got).toMatchObject({
    kind: "template",
    times: 1,
    content: { template: { name: "order_delayed", header: ["4711"], body: ["Friday", "the snow"] } },
  });
  expect((await customer.sees()).filter((entry) => entry.from === "us")).toHaveLength(1);
});

test("a template with names for its gaps is chosen from the composer while the time runs", async ({ desk }) => {
  const customer = await desk.customer("whatsapp", "Nadia Now");
  await customer.writes("When may I come?");
  await listTemplates(await desk.seat(ada, "/admin/channels"));
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);
  await page.getByRole("button", { name: "Send a template" }).click();
  const dialog = page.getByRole("dialog", { name: "Send a template" });
  await dialog.getByRole("button", { name: /^appointment/ }).click();
  await dialog.getByLabel("Text, {{name}}").fill("Nadia");
  await dialog.getByLabel("Text, {{day}}").fill("Monday");
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await messageOf(page, "appointment").getByText("Read", { exact: true }).waitFor();
  expect(await customer.gets("appointment")).toMatchObject({
    times: 1,
    content: { template: { name: "appointment" } },
  });
});
