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

test("a list of 10,000 conversations scrolls to its end and back", async ({ desk }) => {
  await (await desk.customer("whatsapp", "Vera Vast")).writes("Am I the first?");
  await sql(crowd);
  try {
    const page = await desk.seat(ben, "/inbox/all");
    const grid = page.getByRole("grid", { name: "Conversations" });
    await grid.getByRole("row", { name: "Vera Vast" }).waitFor();
    const seen = await grid.evaluate(async (list) => {
      const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
      const rows = () => list.querySelectorAll("[data-id]").length;
      let [most, frames, dropped, last] = [0, 0, 0, await frame()];
      const step = async (by: number) => {
        list.scrollTop += by;
        const now = await frame();
        frames++;
        if (now - last > 100) dropped++;
        last = now;
        most = Math.max(most, rows());
      };
      const end = performance.now() + 90_000;
      while (list.getAttribute("aria-rowcount") === "-1" && performance.now() < end) await step(6_000);
      const atEnd = Number(list.getAttribute("aria-rowcount"));
      while (list.scrollTop > 0 && performance.now() < end + 60_000) await step(-6_000);
      return { most, atEnd, frames, dropped };
    });
    expect(seen.atEnd).toBeGreaterThanOrEqual(many);
    expect(seen.most).toBeLessThan(60);
    expect(seen.dropped / seen.frames).toBeLessThan(0.34);

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
