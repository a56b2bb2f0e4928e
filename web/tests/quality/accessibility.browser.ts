import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { ada, expect, test } from "../support/desk";
import { open } from "../support/inbox";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on the page, one line each. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${page.url()}: ${id}: ${node.target.join(" ")}`));
}

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
