import { faults } from "../support/axe";
import { ada, expect, test } from "../support/desk";
import { open } from "../support/inbox";

const routes = [
  "/inbox/all",
  "/search",
  "/contacts",
  "/settings",
  "/settings/canned-replies",
  "/admin/channels",
  "/admin/agents",
  "/admin/labels",
  "/admin/canned-replies",
  "/admin/dead-letters",
  "/admin/subscriptions",
  "/admin/audit",
  "/simulator",
];

for (const colorScheme of ["light", "dark"] as const)
  test(`axe finds nothing on any route, ${colorScheme}`, async ({ desk }) => {
    const customer = await desk.customer("whatsapp", `Axel ${colorScheme}`);
    await customer.writes("Can everybody read this?");
    await customer.does("location");
    const page = await desk.seat(ada, "/inbox/all", { colorScheme });
    await open(page, customer.name);
    await page.getByRole("article").first().waitFor();
    const found = await faults(page);
    for (const route of routes) {
      await page.goto(route);
      await page.getByRole("main").waitFor();
      await page
        .getByRole("heading", { level: 1 })
        .or(page.getByRole("row"))
        .or(page.getByRole("searchbox"))
        .first()
        .waitFor();
      found.push(...(await faults(page)));
    }
    expect(found.join("\n")).toBe("");
  });
