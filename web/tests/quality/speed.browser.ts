import type { Locator } from "playwright-core";
import { ben, expect, test } from "../support/desk";
import { sql } from "../support/database";

test("the first load of the inbox transfers at most 200 KB of script", async ({ desk }) => {
  const page = await desk.window();
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const scripts = await page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
      .map(({ transferSize, decodedBodySize }) => ({ transferSize, decodedBodySize })),
  );
  const sum = (of: number[]) => of.reduce((all, each) => all + each, 0);
  expect(sum(scripts.map((script) => script.decodedBodySize))).toBeGreaterThan(100_000);
  expect(sum(scripts.map((script) => script.transferSize))).toBeLessThanOrEqual(200_000);
});

const many = 10_000;

/** Conversations of many customers, older than any other. */
const crowd = `
  WITH account AS (SELECT channel_account_id AS id FROM conversations ORDER BY created_at LIMIT 1)
  INSERT INTO conversations (id, channel_account_id, thread, title, status, last_message_at)
  SELECT gen_random_uuid(), account.id, 'crowd ' || n, 'Crowd ' || n, 'open', now() - interval '1 day' - n * interval '1 second'
  FROM account, generate_series(1, ${many}) AS n`;

/** frameOf is how long a frame takes, in ms, while the rows that are loaded are scrolled through: the median of many. */
function frameOf(grid: Locator): Promise<number> {
  return grid.evaluate(async (list) => {
    const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
    const times: number[] = [];
    for (let n = 0, last = await frame(); n < 60; n++) {
      list.scrollTop += n % 20 < 10 ? 300 : -300;
      const now = await frame();
      times.push(now - last);
      last = now;
    }
    return times.toSorted((a, b) => a - b)[times.length / 2] ?? Infinity;
  });
}

/** toTheEndAndBack scrolls until no more rows come, and back: how many rows there were at the end, and how many the page held at most. */
function toTheEndAndBack(grid: Locator): Promise<{ atEnd: number; most: number }> {
  return grid.evaluate(async (list) => {
    const end = performance.now() + 150_000;
    let most = 0;
    const step = async (by: number) => {
      list.scrollTop += by;
      await new Promise(requestAnimationFrame);
      most = Math.max(most, list.querySelectorAll("[data-id]").length);
    };
    while (list.getAttribute("aria-rowcount") === "-1" && performance.now() < end) await step(6_000);
    const atEnd = Number(list.getAttribute("aria-rowcount"));
    while (list.scrollTop > 0 && performance.now() < end) await step(-6_000);
    return { atEnd, most };
  });
}

test("a list of 10,000 conversations scrolls to its end and back", async ({ desk }) => {
  await (await desk.customer("whatsapp", "Vera Vast")).writes("Am I the first?");
  await sql(crowd);
  try {
    const page = await desk.seat(ben, "/inbox/all");
    const grid = page.getByRole("grid", { name: "Conversations" });
    await grid.getByRole("row", { name: "Vera Vast" }).waitFor();
    const few = await frameOf(grid);
    const seen = await toTheEndAndBack(grid);
    expect(seen.atEnd).toBeGreaterThanOrEqual(many);
    expect(seen.most).toBeLessThan(60);
    // As a ratio, because how long a frame takes is the machine's affair.
    expect((await frameOf(grid)) / few).toBeLessThan(2.5);

    // Wherever it comes to rest, rows fill the view.
    for (const place of [0.5, 1, 0]) {
      const empty = () =>
        grid.evaluate((list, at) => {
          list.scrollTop = at * list.scrollHeight;
          const { top, height, left } = list.getBoundingClientRect();
          const rows = [0.1, 0.3, 0.5, 0.7].map((y) => document.elementFromPoint(left + 100, top + y * height));
          return rows.filter((each) => !each?.closest("[data-id]")?.textContent?.trim()).length;
        }, place);
      await expect.poll(empty).toBe(0);
    }
  } finally {
    await sql(`DELETE FROM conversations WHERE thread LIKE 'crowd %'`);
  }
});
