import { ben, expect, test } from "../support/desk";
import { open } from "../support/inbox";

test("a contact is edited where it stands, and a value that is refused says so at its field", async ({ desk }) => {
  desk.forgive(/status of 422/);
  const customer = await desk.customer("whatsapp", "Edda Edit");
  await customer.writes("My address has changed");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);
  const panel = page.getByRole("complementary", { name: "Contact" });
  await panel.getByRole("button", { name: "Add Email" }).click();
  const email = panel.getByRole("textbox", { name: "Email" });
  await email.fill("edda at home");
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.getByRole("alert").waitFor();
  expect(await email.getAttribute("aria-invalid")).toBe("true");
  expect(await email.inputValue()).toBe("edda at home");

  await email.fill("edda@example.com");
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.getByText("edda@example.com").waitFor();
  await panel.getByText("set by an agent").waitFor();
  await page.reload();
  await panel.getByText("edda@example.com").waitFor();
});

test("two contacts become one, with the conversations of both", async ({ desk }) => {
  const whatsapp = await desk.customer("whatsapp", "Momo Merge");
  await whatsapp.writes("I wrote here first");
  const telegram = await desk.customer("telegram", "Maurice Merge");
  await telegram.writes("And here I am again");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, whatsapp.name);
  const panel = page.getByRole("complementary", { name: "Contact" });
  await panel.getByRole("button", { name: "Merge with another contact" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge two contacts" });
  await dialog.getByRole("searchbox").fill("Maurice");
  await dialog.getByRole("button", { name: /Maurice Merge/ }).click();
  await dialog.getByText("Momo Merge stays, with what is set here.").waitFor();
  await dialog.getByRole("button", { name: "Merge Maurice Merge into Momo Merge" }).click();
  await dialog.waitFor({ state: "detached" });

  await panel.getByText("Another open conversation").waitFor();
  await open(page, "And here I am again");
  await page.getByRole("heading", { name: "Momo Merge" }).first().waitFor();
});
