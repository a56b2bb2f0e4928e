import { ada, ben, expect, test } from "../support/desk";
import { messageOf, open, rowOf } from "../support/inbox";

test("a conversation is noted on, taken, labelled, snoozed, resolved, and reopened by undo", async ({ desk }) => {
  const admin = await desk.seat(ada, "/admin/labels");
  await admin.getByRole("button", { name: "New label" }).click();
  await admin.getByLabel("Name").fill("refund");
  await admin.getByRole("button", { name: "Save" }).click();
  await admin.getByRole("rowheader", { name: "refund" }).waitFor();

  const customer = await desk.customer("whatsapp", "Noor Haddad");
  await customer.writes("I want my money back");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);

  await page.getByText("Note", { exact: true }).click();
  await page.getByRole("textbox", { name: "Note for colleagues" }).fill("Paid twice: look at the invoice");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByRole("article").filter({ hasText: "Paid twice" }).waitFor();
  expect((await customer.sees()).some((entry) => entry.text.includes("Paid twice"))).toBe(false);

  const row = rowOf(page, customer.name);
  await row.focus();
  await page.keyboard.press("i");
  await expect.poll(() => row.getAttribute("aria-label")).toContain("Ben Okafor");

  await row.focus();
  await page.keyboard.press("l");
  await page.getByRole("dialog").getByText("refund").click();
  await page.keyboard.press("Escape");
  await expect.poll(() => row.textContent()).toContain("refund");

  await row.focus();
  await page.keyboard.press("e");
  await row.waitFor({ state: "detached" });
  await page.keyboard.press("z");
  await row.waitFor();

  await row.focus();
  await page.keyboard.press("h");
  await page
    .getByRole("dialog")
    .getByRole("button")
    .filter({ hasText: /tomorrow/i })
    .first()
    .click();
  await row.waitFor({ state: "detached" });

  // What the customer writes brings it back.
  await customer.writes("Hello?");
  await row.waitFor();
  expect(await row.textContent()).toContain("Hello?");
});

test("a search lands on the message", async ({ desk }) => {
  const customer = await desk.customer("telegram", "Olu Adeyemi");
  await customer.writes("The zebrafinch cage arrived broken");
  for (let i = 1; i <= 60; i++) await customer.writes(`more about it, part ${i}`);
  const page = await desk.seat(ben, "/search");
  await page.getByRole("searchbox").fill("zebrafinch");
  await page
    .getByRole("link", { name: /zebrafinch/ })
    .first()
    .click();
  await messageOf(page, "The zebrafinch cage arrived broken").waitFor();
  await expect.poll(() => messageOf(page, "zebrafinch cage").isVisible()).toBe(true);
});

test("a field that is refused says so beside it", async ({ desk }) => {
  desk.forgive(/status of 422/);
  const page = await desk.seat(ada, "/admin/labels");
  await page.getByRole("button", { name: "New label" }).click();
  const name = page.getByRole("dialog").getByLabel("Name");
  await name.fill("   ");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => name.getAttribute("aria-invalid")).toBe("true");
  await page.getByRole("dialog").getByRole("alert").waitFor();
});
