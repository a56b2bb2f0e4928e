import type { Locator, Page } from "playwright-core";
import { until } from "./until";

/** The row of the list with the words: a contact's name, or what was said last. Some platforms tell no name. */
export const rowOf = (page: Page, words: string): Locator => page.getByRole("row", { name: words });

/** open goes to the conversation with the words from the list of all. */
export async function open(page: Page, words: string): Promise<void> {
  if (!/\/inbox\/all/.test(page.url())) await page.goto("/inbox/all");
  const row = rowOf(page, words);
  await row.waitFor();
  await row.focus();
  await row.press("Enter");
  await page.getByRole("region", { name: "Messages" }).or(page.getByRole("feed")).first().waitFor();
}

/** The field for an answer. */
export const replyField = (page: Page): Locator => page.getByRole("textbox", { name: "Reply to the customer" });

/** answer writes to the customer and sends it. */
export async function answer(page: Page, text: string): Promise<void> {
  await replyField(page).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** The message in the open conversation. */
export const messageOf = (page: Page, text: string): Locator => page.getByRole("article").filter({ hasText: text });

/** shows waits for one of the states that the message may be in, and returns which. */
export function shows(message: Locator, ...states: string[]): Promise<string> {
  return until(`the message is ${states.join(" or ")}`, async () => {
    const text = (await message.textContent()) ?? "";
    return states.find((state) => text.includes(state));
  });
}
