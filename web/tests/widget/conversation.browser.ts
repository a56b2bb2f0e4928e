import type { Page, WebSocketRoute } from "playwright-core";
import { ben, expect, test } from "../support/desk";
import { answer, messageOf, open, replyField } from "../support/inbox";
import { pictureFile } from "../support/picture-file";
import { until } from "../support/until";
import { Visitor } from "../support/visitor";

test("a visitor and an agent talk, and see each other write and read", async ({ desk }) => {
  const visitor = await Visitor.comes(desk);
  await visitor.opens();
  await visitor.says("Is the blue Harbour in stock?");
  const agent = await desk.seat(ben, "/inbox/all");
  await open(agent, "Is the blue Harbour in stock?");

  await replyField(agent).pressSequentially("Yes, two", { delay: 30 });
  await visitor.chat.getByText(/is writing/).waitFor();
  await answer(agent, "Yes, two are left.");
  await visitor.message("Yes, two are left.").waitFor();
  await messageOf(agent, "Yes, two are left.").getByText("Read", { exact: true }).waitFor();

  await visitor.field.pressSequentially("I take both.", { delay: 30 });
  await agent.getByText(/is writing…/).waitFor();
  await visitor.says("I take both.");
  await messageOf(agent, "I take both.").waitFor();
  expect(await visitor.texts()).toEqual(["Is the blue Harbour in stock?", "Yes, two are left.", "I take both."]);
});

test("what an agent answers while the page is closed is there on return", async ({ desk }) => {
  const visitor = await Visitor.comes(desk);
  await visitor.opens();
  await visitor.says("Do you repair lamps of 1970?");
  const agent = await desk.seat(ben, "/inbox/all");
  await open(agent, "Do you repair lamps of 1970?");
  await visitor.page.goto("about:blank");
  await answer(agent, "All that we ever made.");
  await messageOf(agent, "All that we ever made.").getByText("Sent", { exact: true }).waitFor();

  const back = await visitor.again();
  await back.page.getByRole("button", { name: "Open the chat, 1 new message" }).waitFor();
  await back.opens();
  expect(await back.texts()).toEqual(["Do you repair lamps of 1970?", "All that we ever made."]);
  await messageOf(agent, "All that we ever made.").getByText("Read", { exact: true }).waitFor();
});

test("a page that is reloaded while it sends sends once, and keeps what was begun", async ({ desk }) => {
  desk.forgive(/Failed to load resource/);
  const visitor = await Visitor.comes(desk);
  await visitor.opens();
  await visitor.says("First");
  // The server takes the next one, and its answer gets lost.
  let lost = 0;
  await visitor.page.route("**/webhooks/**", async (route) => {
    await route.fetch();
    await route.abort();
    lost++;
  });
  await visitor.writes("Second, with bad luck");
  await visitor.field.fill("And this is only beg");
  await until("an answer is lost", () => Promise.resolve(lost > 0));
  await visitor.page.unrouteAll({ behavior: "wait" });
  await visitor.page.reload();
  await visitor.opens();
  await visitor.sent("Second, with bad luck");
  expect(await visitor.field.inputValue()).toBe("And this is only beg");
  expect(await visitor.texts()).toEqual(["First", "Second, with bad luck"]);

  const agent = await desk.seat(ben, "/inbox/all");
  await open(agent, "Second, with bad luck");
  await messageOf(agent, "First").waitFor();
  expect(await messageOf(agent, "Second, with bad luck").count()).toBe(1);
});

/** Cuts the sockets that the page opens from now on, when told to. */
async function scissors(page: Page): Promise<() => Promise<void>> {
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(/.*/, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  return async () => void (await Promise.all(sockets.splice(0).map((socket) => socket.close({ code: 1012 }))));
}

test("connections that are cut on both sides lose nothing and double nothing", async ({ desk }) => {
  desk.forgive(/WebSocket|Failed to load resource|ERR_INTERNET_DISCONNECTED/);
  const visitor = await Visitor.comes(desk);
  const cutVisitor = await scissors(visitor.page);
  await visitor.opens();
  await visitor.says("Question 0");
  const agent = await desk.seat(ben, "/settings");
  await agent.getByRole("navigation", { name: "Main" }).waitFor();
  const cutAgent = await scissors(agent);
  await agent.goto("/inbox/all");
  await open(agent, "Question 0");

  const wanted = ["Question 0"];
  for (let n = 1; n <= 5; n++) {
    await Promise.all([cutVisitor(), cutAgent()]);
    await visitor.page.context().setOffline(true);
    await visitor.writes(`Question ${n}`);
    await visitor.page.context().setOffline(false);
    await visitor.sent(`Question ${n}`);
    await messageOf(agent, `Question ${n}`).waitFor();
    await cutVisitor();
    await answer(agent, `Answer ${n}`);
    await visitor.message(`Answer ${n}`).waitFor();
    wanted.push(`Question ${n}`, `Answer ${n}`);
  }
  expect(await visitor.texts()).toEqual(wanted);
  const shown = await agent.getByRole("article").allTextContents();
  expect(shown.flatMap((text) => /(Question|Answer) \d/.exec(text)?.[0] ?? [])).toEqual(wanted);
});

test("pictures go both ways", async ({ desk }) => {
  const visitor = await Visitor.comes(desk);
  await visitor.opens();
  await visitor.chat
    .locator("input[type=file]")
    .setInputFiles(await pictureFile(visitor.page, "broken.png", "#dc2626"));
  await visitor.chat.getByRole("button", { name: "Remove broken.png" }).waitFor();
  await until("the file is there", async () => (await visitor.chat.getByRole("progressbar").count()) === 0);
  await visitor.writes("The shade is cracked");
  await visitor.sent("The shade is cracked");
  const agent = await desk.seat(ben, "/inbox/all");
  await open(agent, "The shade is cracked");
  await messageOf(agent, "The shade is cracked").getByRole("button", { name: /^Open/ }).waitFor();

  await agent.locator("input[type=file]").setInputFiles(await pictureFile(agent, "new.png", "#2563eb"));
  await answer(agent, "You get this one");
  const picture = visitor.message("You get this one").getByRole("img");
  await until("the picture is there", () => picture.evaluate((image: HTMLImageElement) => image.naturalWidth === 640));
});
