import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { ben, test } from "./support/desk";
import { answer, messageOf, open } from "./support/inbox";
import { pictureFile } from "./support/picture-file";
import { Visitor } from "./support/visitor";

const images = resolve(import.meta.dirname, "../../docs/images");

async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${images}/webchat-${name}.png`, animations: "disabled" });
}

test("a visitor of the shop and an agent", async ({ desk }) => {
  const visitor = await Visitor.comes(desk, {}, { viewport: { width: 1200, height: 760 } });
  await visitor.opens();
  await visitor.says("Hi! Is the blue Harbour lamp in stock?");
  const agent = await desk.seat(ben, "/inbox/all", { viewport: { width: 1280, height: 800 } });
  await open(agent, "Is the blue Harbour lamp in stock?");
  await agent.locator("input[type=file]").setInputFiles(await pictureFile(agent, "harbour.png", "#2563eb"));
  await answer(agent, "Good morning! Two are left, this one and its sister.");
  const shown = visitor.message("Two are left").getByRole("img");
  await shown.waitFor();
  await visitor.says("Lovely. I take both: can you keep them until Saturday?");
  await answer(agent, "They are yours. We are at Quay Street 14, until two.");
  await visitor.message("They are yours").waitFor();
  await picture(visitor.page, "open");
  await visitor.field.pressSequentially("Thank you, see", { delay: 20 });
  await agent.getByText(/is writing…/).waitFor();
  await messageOf(agent, "They are yours").getByText("Read", { exact: true }).waitFor();
  await picture(agent, "agent");
  await visitor.field.fill("");
  await visitor.page.emulateMedia({ colorScheme: "dark" });
  await visitor.page.setViewportSize({ width: 390, height: 780 });
  await picture(visitor.page, "phone");
});

test("before anything is kept, in German, and from the right", async ({ desk }) => {
  const wishes = { lang: "de", consent: "required", accent: "#1d6f5c" };
  const visitor = await Visitor.comes(desk, wishes, { viewport: { width: 1200, height: 760 } });
  await visitor.launcher.click();
  await visitor.chat.getByRole("button", { name: "Zustimmen und beginnen" }).waitFor();
  await picture(visitor.page, "consent");
});
