import type { WebSocketRoute } from "playwright-core";
import { ben, expect, test } from "../support/desk";
import { messageOf, open } from "../support/inbox";

test("sockets that are cut again and again lose nothing and double nothing", async ({ desk }) => {
  desk.forgive(/WebSocket/);
  const customer = await desk.customer("whatsapp", "Cutter Wells");
  await customer.writes("Number 0 of the cut");
  const page = await desk.seat(ben, "/settings");
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(/.*/, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  await page.goto("/inbox/all");
  await open(page, customer.name);
  await expect.poll(() => sockets.length).toBeGreaterThan(0);

  const texts = Array.from({ length: 12 }, (_, i) => `Number ${i + 1} of the cut`);
  for (const [i, text] of texts.entries()) {
    if (i % 3 === 0) await sockets.at(-1)?.close({ code: 1012 });
    await customer.writes(text);
  }
  for (const text of texts) await messageOf(page, text).first().waitFor({ state: "attached" });
  await expect.poll(() => sockets.length).toBeGreaterThan(1);

  // What the page shows is what the API has, each once and in its order.
  const wanted = ["Number 0 of the cut", ...texts];
  const shown = await page.getByRole("article").allTextContents();
  expect(shown.flatMap((text) => /Number \d+ of the cut/.exec(text)?.[0] ?? [])).toEqual(wanted);
  const id = page.url().split("/").at(-1) ?? "";
  const kept = await page.evaluate(async (conversation) => {
    const { idToken } = JSON.parse(localStorage.getItem("omni.tokens") ?? "{}") as { idToken: string };
    const answer = await fetch(`/v1/conversations/${conversation}/timeline?limit=50`, {
      headers: { Authorization: `Bearer ${idToken}` },
    });
    return (await answer.json()) as { items: { type: string; message?: { text: string } }[] };
  }, id);
  const told = kept.items.flatMap((item) => (item.message ? [item.message.text] : []));
  expect(told.toReversed()).toEqual(wanted);
});
