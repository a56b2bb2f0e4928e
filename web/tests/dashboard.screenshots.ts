import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { Customer } from "./support/customer";
import { closeWindow, dies, fail } from "./support/database";
import { ada, ben, chiara, type Desk, test } from "./support/desk";
import { answer, messageOf, open, replyField } from "./support/inbox";
import { pictureFile } from "./support/picture-file";

const images = resolve(import.meta.dirname, "../../docs/images");
const screen = { viewport: { width: 1280, height: 800 } };

/** A picture of the page as it is, without a pointer over anything and without news of what was just done. */
async function picture(page: Page, name: string): Promise<void> {
  const toasts = page.getByRole("listitem").filter({ has: page.getByRole("status") });
  while ((await toasts.count()) > 0) await toasts.first().getByRole("button", { name: "Close" }).click();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${images}/${name}.png`, animations: "disabled" });
}

// The customers of a small shop for lamps, always the same ones. Each test adds those that it needs: the list shows all of them.
const says = async (desk: Desk, channel: string, name: string, ...texts: string[]): Promise<Customer> => {
  const customer = await desk.customer(channel, name);
  for (const text of texts) await customer.writes(text);
  return customer;
};

test("the inbox, a colleague, the contact", async ({ desk }) => {
  await says(desk, "telegram", "Noor Haddad", "Do you ship to Malta?");
  await says(desk, "whatsapp", "Jan Kowalski", "Where is my parcel? It was to come on Friday.");
  await says(desk, "messenger", "Lucas Meyer", "Can I return a lamp that I bought last week?");
  await says(desk, "telegram", "Sofia Rossi", "Do you have it in green as well?");
  await says(desk, "whatsapp", "Maria Lopez", "Hi! Is the blue lamp in stock?", "I need two of them before Saturday.");
  const page = await desk.seat(ben, "/inbox/all", screen);
  await open(page, "I need two of them before Saturday.");
  await answer(page, "Yes, two are left. Shall I keep them for you?");
  await messageOf(page, "Shall I keep them").getByText("Read", { exact: true }).waitFor();
  await page.getByText("Note", { exact: true }).click();
  const note = page.getByRole("textbox", { name: "Note for colleagues" });
  await note.fill("Price checked: 39 € each");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByRole("article").filter({ hasText: "Price checked" }).waitFor();
  await note.fill("Keep them until Saturday, please.");
  await picture(page, "note");
  await note.fill("");
  await page.getByText("Reply", { exact: true }).click();
  await picture(page, "inbox");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("feed", { name: "Messages" }).waitFor();
  await picture(page, "phone");
  await page.setViewportSize(screen.viewport);

  const colleague = await desk.seat(chiara, "/inbox/all", screen);
  await open(colleague, "Maria Lopez");
  await replyField(colleague).pressSequentially("They are yours, M", { delay: 20 });
  await page.getByText("Chiara Rossi is replying").first().waitFor();
  await picture(page, "colleague");
});

test("every kind of message", async ({ desk }) => {
  const whatsapp = await says(desk, "whatsapp", "Amara Obi");
  await whatsapp.writes("This is what arrived", { kind: "image" });
  for (const kind of ["voice", "document", "location", "contacts", "order", "list_reply"]) await whatsapp.does(kind);
  const telegram = await says(desk, "telegram", "Olu Adeyemi");
  for (const kind of ["poll", "venue", "contact", "photo", "unknown_content"]) await telegram.does(kind);
  const first = await telegram.writes("Thank you!");
  await telegram.writes("Or rather: thank you very much!", { kind: "edited_message", target: first.id });
  const page = await desk.seat(ben, "/inbox/all", { viewport: { width: 1280, height: 1100 } });
  await open(page, "Amara Obi");
  await page.getByRole("button", { name: /^Open/ }).first().getByRole("img").waitFor();
  await picture(page, "kinds-whatsapp");
  await open(page, "Olu Adeyemi");
  await page.getByRole("article").getByText("Edited").waitFor();
  await picture(page, "kinds-telegram");
});

test("what the composer offers", async ({ desk }) => {
  const admin = await desk.seat(ada, "/admin/canned-replies", screen);
  for (const [shortcut, title, text] of [
    ["hours", "Opening hours", "Hello {{contact.name}}, we are open from nine to six, and on Saturdays until two."],
    ["return", "Returns", "You can return it within 30 days. Which order is it, {{contact.name}}?"],
    ["thanks", "Thank you", "Thank you for your patience!"],
  ] as const) {
    await admin.getByRole("button", { name: "New canned reply" }).click();
    const form = admin.getByRole("dialog");
    await form.getByLabel("Shortcut").fill(shortcut);
    await form.getByLabel("Title").fill(title);
    await form.getByRole("textbox", { name: "Text" }).fill(text);
    await form.getByLabel("For everybody").check();
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
  }
  const customer = await says(desk, "whatsapp", "Carla Brandt", "Your lamp has a scratch. When are you open?");
  await admin.goto("/admin/channels");
  const account = admin
    .getByRole("article")
    .filter({ has: admin.getByRole("button", { name: "Templates" }) })
    .first();
  await account.getByRole("button", { name: "Test now" }).click();
  await account.getByText("The platform has answered.").waitFor();
  await picture(admin, "channels");

  const page = await desk.seat(ben, "/inbox/all", screen);
  await open(page, customer.name);
  await page.locator("input[type=file]").setInputFiles(await pictureFile(page, "new-lamp.png", "#2563eb"));
  await replyField(page).pressSequentially("/");
  await page.getByRole("option").nth(2).waitFor();
  await picture(page, "canned");
  await replyField(page).fill("");
  await page.getByRole("button", { name: "Remove new-lamp.png" }).click();
  await answer(page, "We send you a new one, and here is the label.");
  await messageOf(page, "here is the label").getByText("Read", { exact: true }).waitFor();
  const reason =
    "WhatsApp cannot deliver to this customer: the number may not be on WhatsApp, or the app is too old. Reach them another way.";
  await fail("We send you a new one, and here is the label.", "131026", reason);
  await closeWindow(customer.name);
  await page.reload();
  await messageOf(page, "here is the label").getByText(reason).waitFor();
  await picture(page, "failed");
  await page.getByRole("button", { name: "Send a template" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /order_delayed/ }).click();
  await dialog.getByLabel("Heading, {{1}}").fill("4711");
  await dialog.getByLabel("Text, {{1}}").fill("Friday");
  await picture(page, "template");
});

test("a contact with a history, and the search", async ({ desk }) => {
  await says(desk, "whatsapp", "Elena Petrova", "The green lamp flickers. Is that covered?");
  await says(desk, "telegram", "Elena P.", "It is the green lamp again, sorry.");
  const page = await desk.seat(ben, "/inbox/all", screen);
  await open(page, "The green lamp flickers");
  const panel = page.getByRole("complementary", { name: "Contact" });
  await panel.getByRole("button", { name: "Merge with another contact" }).click();
  await page.getByRole("dialog").getByRole("searchbox").fill("Elena P.");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Elena P\./ })
    .click();
  await page.getByRole("button", { name: "Merge Elena P. into Elena Petrova" }).click();
  await panel.getByText("Another open conversation").waitFor();
  for (const [field, value] of [
    ["Email", "elena@example.com"],
    ["About", "Prefers to be called after five."],
  ] as const) {
    await panel.getByRole("button", { name: `Add ${field}` }).click();
    await panel.getByRole("textbox", { name: field }).fill(value);
    await panel.getByRole("button", { name: "Save" }).click();
    await panel.getByText(value).waitFor();
  }
  await page.getByText("Elena P. is now part of").first().waitFor({ state: "hidden" });
  await picture(page, "contact");
  await page.goto("/search");
  await page.getByRole("searchbox").fill("lamp");
  await page
    .getByRole("link", { name: /flickers/ })
    .first()
    .waitFor();
  await picture(page, "search");
});

test("the administration's pages, the settings and the simulator", async ({ desk }) => {
  const customer = await says(desk, "whatsapp", "Tomás Silva", "Is the shop open on Monday?");
  await dies("whatsapp", '{"from":"49151","type":"text"', "reading the message: unexpected end of JSON input");
  await dies("whatsapp", '{"from":"49151","timestamp":"soon"}', "reading the message: the timestamp is no number");
  const admin = await desk.seat(ada, "/admin/dead-letters", screen);
  await admin.getByRole("row").nth(1).waitFor();
  await picture(admin, "dead-letters");

  await admin.goto("/admin/subscriptions");
  await admin.getByRole("button", { name: "New subscription" }).click();
  await admin.getByLabel("Endpoint").fill("https://shop.example/omni");
  for (const step of ["Next", "Next", "Create subscription"]) await admin.getByRole("button", { name: step }).click();
  await admin.getByRole("button", { name: "I have copied it" }).click();
  await admin.getByRole("link", { name: /shop\.example/ }).click();
  await admin.getByRole("button", { name: "Send a test event" }).click();
  await admin.getByRole("rowheader", { name: /subscription\.test/ }).waitFor();
  await picture(admin, "subscription");
  await admin.goto("/admin/audit");
  await admin.getByRole("row").nth(3).waitFor();
  await picture(admin, "audit");
  await admin.goto("/settings");
  await admin.getByRole("heading", { name: "Appearance" }).waitFor();
  await picture(admin, "settings");

  const page = await desk.seat(ben, "/inbox/all", screen);
  await open(page, customer.name);
  await answer(page, "Yes, from nine to six.");
  await customer.gets("Yes, from nine to six.");
  await admin.goto("/simulator");
  for (const name of ["Tomás Silva", "Amara Obi"])
    await admin.getByRole("button", { name: `Show the chat with ${name}` }).click();
  await admin.getByText("Yes, from nine to six.").last().waitFor();
  await picture(admin, "simulator");
});
