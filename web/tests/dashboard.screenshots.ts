import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { ada, ben, type Desk, test } from "./support/desk";
import { answer, messageOf, open } from "./support/inbox";

const images = resolve(import.meta.dirname, "../../docs/images");

const picture = (page: Page, name: string) =>
  page.screenshot({ path: `${images}/${name}.png`, animations: "disabled" });

/** Customers of a small shop, always the same ones. */
async function stage(desk: Desk): Promise<void> {
  const noor = await desk.customer("telegram", "Noor Haddad");
  await noor.writes("Do you ship to Malta?");
  const jan = await desk.customer("whatsapp", "Jan Kowalski");
  await jan.writes("Where is my parcel? It was to come on Friday.");
  await jan.does("location");
  const maria = await desk.customer("whatsapp", "Maria Lopez");
  await maria.writes("Hi! Is the blue lamp in stock?");
  await maria.writes("I need two of them before Saturday.");
}

test("the pictures of the tour", async ({ desk }) => {
  await stage(desk);
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, "I need two of them before Saturday.");
  await answer(page, "Yes, two are left. Shall I keep them for you?");
  await messageOf(page, "Shall I keep them").getByText("Read", { exact: true }).waitFor();
  await page.getByText("Note", { exact: true }).click();
  await page.getByRole("textbox", { name: "Note for colleagues" }).fill("Price checked: 39 € each");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByRole("article").filter({ hasText: "Price checked" }).waitFor();
  await page.getByText("Reply", { exact: true }).click();
  await picture(page, "inbox");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await picture(page, "phone");

  const admin = await desk.seat(ada, "/admin/channels");
  await admin.getByRole("heading", { name: "WhatsApp" }).waitFor();
  await picture(admin, "channels");
  await admin.goto("/settings");
  await admin.getByRole("heading", { name: "Appearance" }).waitFor();
  await picture(admin, "settings");
  await admin.goto("/simulator");
  for (const name of ["Maria Lopez", "Jan Kowalski"])
    await admin.getByRole("button", { name: `Show the chat with ${name}` }).click();
  await admin.getByText("Yes, two are left.").last().waitFor();
  await picture(admin, "simulator");
});
