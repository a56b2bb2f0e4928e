import { ada, ben, expect, test } from "../support/desk";

test("a channel is asked now, and is green on the platform's word", async ({ desk }) => {
  await (await desk.customer("whatsapp", "Health Check")).writes("Hello");
  const page = await desk.seat(ada, "/admin/channels");
  const account = page
    .getByRole("article")
    .filter({ has: page.getByRole("button", { name: "Templates" }) })
    .first();
  await account.getByRole("button", { name: "Test now" }).click();
  await account.getByText("The platform has answered.").waitFor();
  await account.getByText("Works").waitFor();
});

test("an agent who is disabled is refused, and let in again", async ({ desk }) => {
  desk.forgive(/status of 403/);
  const window = await desk.seat(ben, "/inbox/mine");
  const page = await desk.seat(ada, "/admin/agents");
  await page.getByRole("button", { name: "Disable Ben Okafor" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable Ben Okafor" }).click();
  await page.getByRole("button", { name: "Enable Ben Okafor" }).waitFor();
  await window.reload();
  await window.getByText("Your account is disabled").waitFor();
  await page.getByRole("button", { name: "Enable Ben Okafor" }).click();
  await page.getByRole("button", { name: "Disable Ben Okafor" }).waitFor();
  await window.reload();
  await window.getByRole("button", { name: /Ben Okafor/ }).waitFor();
  await page.goto("/admin/audit");
  await expect.poll(() => page.getByRole("row").filter({ hasText: "agent.changed" }).count()).toBeGreaterThanOrEqual(2);
});

test("a subscription is made in three steps, its secret shown once, and tested", async ({ desk }) => {
  const page = await desk.seat(ada, "/admin/subscriptions");
  await page.getByRole("button", { name: "New subscription" }).click();
  await page.getByLabel("Endpoint").fill("http://127.0.0.1:9/omni");
  for (const step of ["Next", "Next", "Create subscription"]) await page.getByRole("button", { name: step }).click();
  const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue();
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("link", { name: "http://127.0.0.1:9/omni" }).click();
  await page.getByRole("button", { name: "Send a test event" }).click();
  await page.getByRole("rowheader", { name: /subscription\.test/ }).waitFor();
  expect(await page.content()).not.toContain(secret);
});
