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
    const queue = rounds(customers);
    const quarter = await work(page, queue, minutes / 4);
    const early = await held(page);
    const rest = await work(page, queue, (3 * minutes) / 4);
    const late = await held(page);
    process.stdout.write(`${quarter + rest} served; held after a quarter ${said(early)}, at the end ${said(late)}\n`);
    expect(await page.locator("body").getAttribute("data-shift")).toBe("began");
    expect(late.heap - early.heap).toBeLessThan(growth.heap);
    expect(late.nodes - early.nodes).toBeLessThan(growth.nodes);
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

/** rounds calls the customers in their order, again and again, each with the number of the round. */
function* rounds(customers: Customer[]): Generator<[Customer, number], never> {
  for (let n = 0; ;) for (const customer of customers) yield [customer, n++];
}

/** work serves customers for some minutes, and returns how many. */
async function work(page: Page, queue: Generator<[Customer, number], never>, time: number): Promise<number> {
  const over = Date.now() + time * 60_000;
  let served = 0;
  for (; Date.now() < over; served++) await serve(page, ...queue.next().value);
  return served;
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

const said = ({ heap, nodes }: Held) => `${(heap / 1e6).toFixed(1)} MB and ${nodes} nodes`;

async function everyAnswerOnce(customers: Customer[]): Promise<void> {
  for (const customer of customers) {
    const answers = (await customer.sees()).filter((entry) => entry.from === "us");
    expect(answers.filter((entry) => entry.times !== 1)).toEqual([]);
    expect(new Set(answers.map((entry) => entry.text)).size).toBe(answers.length);
  }
}
