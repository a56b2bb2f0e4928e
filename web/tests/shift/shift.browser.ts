import type { CDPSession, Page } from "playwright-core";
import type { Customer } from "../support/customer";
import { ben, type Desk, expect, test } from "../support/desk";
import { answer, messageOf, open, replyField } from "../support/inbox";

// How long the shift is: a minute in CI, an hour with `make shift`.
const minutes = Number(process.env["OMNI_SHIFT_MINUTES"] ?? 1);
const channels = ["whatsapp", "messenger", "instagram", "telegram"];
const customersEach = 6;
// What the page may hold more at the end of the shift than after its first quarter: it caches conversations, up to a bound.
const growth = { heap: 30 * 1024 * 1024, nodes: 6_000 };

test(
  `an agent works for ${minutes} minutes on all channels without a reload`,
  async ({ desk }) => {
    const page = await desk.seat(ben, "/inbox/all");
    await page.evaluate(() => document.body.setAttribute("data-shift", "began"));
    const customers = await queueUp(desk);
    const began = Date.now();
    const over = began + minutes * 60_000;
    let done = 0;
    let early: Held | undefined;
    for (; Date.now() < over; done++) {
      await serve(page, customers[done % customers.length]!, done);
      if (!early && Date.now() > began + (over - began) / 4) early = await held(page);
    }
    const late = await held(page);
    console.log(`${done} customers served in ${minutes} minutes; first quarter, end:`, early, late);
    expect(await page.locator("body").getAttribute("data-shift")).toBe("began");
    expect(late.heap - early!.heap).toBeLessThan(growth.heap);
    expect(late.nodes - early!.nodes).toBeLessThan(growth.nodes);
    await everyAnswerOnce(customers);
  },
  minutes * 60_000 + 180_000,
);

async function queueUp(desk: Desk): Promise<Customer[]> {
  const all: Customer[] = [];
  for (let n = 0; n < customersEach; n++)
    for (const channel of channels) all.push(await desk.customer(channel, `Guest ${n} ${channel}`));
  return all;
}

/** serve is one round: the customer writes, the agent finds that in the list, answers, and now and then leaves a note or resolves. */
async function serve(page: Page, customer: Customer, n: number): Promise<void> {
  await customer.writes(`Question ${n}.`);
  await open(page, `Question ${n}.`);
  await messageOf(page, `Question ${n}.`).waitFor();
  await answer(page, `Answer ${n}.`);
  await customer.gets(`Answer ${n}.`);
  await messageOf(page, `Answer ${n}.`)
    .getByText(/^(Sent|Delivered|Read)$/)
    .waitFor();
  if (n % 5 === 0) await leaveNote(page, `Note ${n}.`);
  if (n % 7 === 0) await page.getByRole("button", { name: "Resolve" }).first().click();
}

async function leaveNote(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "Note", exact: true }).click();
  await page.getByRole("textbox", { name: "Note for colleagues" }).fill(text);
  await page.getByRole("button", { name: "Add note" }).click();
  await messageOf(page, text).waitFor();
  await page.getByRole("button", { name: "Reply", exact: true }).click();
  await replyField(page).waitFor();
}

/** What a page holds once its garbage is collected. */
interface Held {
  heap: number;
  nodes: number;
}

async function held(page: Page): Promise<Held> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  await session.detach();
  return { heap: usedSize, nodes };
}

async function everyAnswerOnce(customers: Customer[]): Promise<void> {
  for (const customer of customers) {
    const answers = (await customer.sees()).filter((entry) => entry.from === "us");
    expect(answers.filter((entry) => entry.times !== 1)).toEqual([]);
    expect(new Set(answers.map((entry) => entry.text)).size).toBe(answers.length);
  }
}
