import type { Page } from "playwright-core";
import { ada, ben, expect, test } from "../support/desk";
import { messageOf, replyField, rowOf } from "../support/inbox";

test("a whole job is done with the keyboard alone, and the focus can be seen all the time", async ({ desk }) => {
  const admin = await desk.seat(ada, "/admin/labels");
  await admin.getByRole("button", { name: "New label" }).click();
  await admin.getByLabel("Name").fill("warranty");
  await admin.getByRole("button", { name: "Save" }).click();
  await admin.getByRole("rowheader", { name: "warranty" }).waitFor();
  const other = await desk.customer("whatsapp", "Otis Other");
  await other.writes("Can I pay by invoice?");
  const customer = await desk.customer("whatsapp", "Kaya Keys");
  await customer.writes("The lamp flickers");
  await customer.writes("It is a month old");

  const page = await desk.seat(ben, "/inbox/all");
  const row = rowOf(page, customer.name);
  await row.waitFor();
  const keys = keyboard(page);

  // The conversation is found and opened.
  await keys.until("F6", () => paneOf(page), "list");
  await keys.until("ArrowDown", () => nameOf(page), /^Kaya Keys/);
  await keys.press("Enter");
  await messageOf(page, "It is a month old").waitFor();

  // F6 goes through the panes, and back from the composer.
  for (const pane of ["thread", "composer", "panel", "rail", "list", "thread"]) {
    await keys.press("F6");
    expect(await paneOf(page)).toBe(pane);
  }
  for (const pane of ["list", "rail", "panel", "composer", "thread"]) {
    await keys.press("Shift+F6");
    expect(await paneOf(page)).toBe(pane);
  }

  // The messages are read.
  expect(await nameOf(page)).toContain("It is a month old");
  await keys.press("PageUp");
  await expect.poll(() => nameOf(page)).toContain("The lamp flickers");

  // An answer is written and sent.
  await keys.press("F6");
  expect(await replyField(page).evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type("A month is within the warranty.");
  await keys.press("Enter");
  expect((await customer.gets("A month is within the warranty.")).times).toBe(1);
  expect(await paneOf(page)).toBe("composer");

  // The conversation is assigned, labelled and resolved.
  await keys.press("Shift+F6");
  await keys.press("a");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("Ben");
  await keys.press("Enter");
  await expect.poll(() => row.getAttribute("aria-label")).toContain("Ben Okafor");
  await keys.settled();
  expect(await paneOf(page)).toBe("thread");
  await keys.press("l");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("warranty");
  await keys.press("Enter");
  await keys.press("Escape");
  await expect.poll(() => row.textContent()).toContain("warranty");
  await keys.settled();
  expect(await paneOf(page)).toBe("thread");
  await keys.press("e");
  await row.waitFor({ state: "detached" });
  expect(await paneOf(page)).toBe("list");

  // The search finds it again, and Esc leads back to the list.
  await keys.press("/");
  await page.getByLabel("Search messages, conversations and contacts").first().waitFor();
  await keys.settled();
  await keys.until("Tab", () => nameOf(page), "Search messages, conversations and contacts");
  await page.keyboard.type("flickers");
  await page.getByRole("link", { name: /flickers/ }).waitFor();
  await keys.until("Tab", () => nameOf(page), /flickers/);
  await keys.press("Enter");
  await messageOf(page, "The lamp flickers").waitFor();
  await expect.poll(() => paneOf(page)).toBe("thread");
  expect(await nameOf(page)).toContain("The lamp flickers");
  await keys.press("Escape");
  await page.waitForURL(/\/inbox\/all(\?|$)/);
  await expect.poll(() => paneOf(page)).toBe("list");
});

/** keyboard presses keys, and looks after each where the focus is. */
function keyboard(page: Page) {
  const settled = () => expect.poll(() => focusIn(page), { message: "where the focus is" }).toBe("seen");
  const press = async (key: string) => {
    await page.keyboard.press(key);
    await settled();
  };
  return {
    press,
    settled,
    /** until presses a key until the answer is the one that is waited for, 40 times at most. */
    async until(key: string, ask: () => Promise<string>, wanted: string | RegExp) {
      const isThere = async () => (typeof wanted === "string" ? (await ask()) === wanted : wanted.test(await ask()));
      for (let i = 0; i < 40 && !(await isThere()); i++) await press(key);
      expect(await ask()).toMatch(wanted);
    },
  };
}

/** focusIn tells whether something has the focus and shows it: by an outline, or by a cursor in a field. */
const focusIn = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return "lost";
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    const { width, height } = focused.getBoundingClientRect();
    const shown = focused.matches("input, textarea") || (outlineStyle !== "none" && outlineWidth !== "0px");
    return shown && width > 0 && height > 0 ? "seen" : `hidden at ${focused.outerHTML.slice(0, 200)}`;
  });

/** paneOf is the pane that the focus is in. */
const paneOf = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest<HTMLElement>("[data-pane]")?.dataset["pane"] ?? "none");

/** nameOf is what the focused element is called, or says. */
const nameOf = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
