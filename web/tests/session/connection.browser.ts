import { ben, expect, signIn, test } from "../support/desk";
import { answer, messageOf, open, replyField } from "../support/inbox";

test("without a network it says so, keeps what is sent, catches up, and doubles nothing", async ({ desk }) => {
  desk.forgive(/ERR_INTERNET_DISCONNECTED|WebSocket|Failed to load resource/);
  const customer = await desk.customer("whatsapp", "Amara Obi");
  await customer.writes("Are you there?");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);

  await page.context().setOffline(true);
  await page.getByTestId("connection").waitFor();
  await customer.writes("I wrote this while you were away");
  await answer(page, "Sent from a tunnel");
  await page.getByText("Will be sent when you are online again").waitFor();
  expect((await customer.sees()).some((entry) => entry.from === "us")).toBe(false);

  await page.context().setOffline(false);
  await messageOf(page, "I wrote this while you were away").waitFor();
  const got = await customer.gets("Sent from a tunnel");
  expect(got.times).toBe(1);
  await page.getByTestId("connection").waitFor({ state: "detached" });
  await expect.poll(() => messageOf(page, "Sent from a tunnel").count()).toBe(1);
  expect(await messageOf(page, "I wrote this while you were away").count()).toBe(1);
});

test("a session that ended is signed into again, and the draft is still there", async ({ desk }) => {
  desk.forgive(/status of 40[01]/);
  const customer = await desk.customer("messenger", "Ines Costa");
  await customer.writes("A question");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, "A question");
  await replyField(page).fill("Half an answer");
  const address = page.url();
  // What the browser holds is not accepted any more: as after the refresh token's last day.
  await page.evaluate(() => {
    const tokens = JSON.parse(localStorage.getItem("omni.tokens") ?? "{}") as Record<string, unknown>;
    localStorage.setItem(
      "omni.tokens",
      JSON.stringify({ ...tokens, idToken: "old", refreshToken: "old", expiresAt: 0 }),
    );
  });
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).click();
  await signIn(page, ben);
  await page.waitForURL(address);
  await expect.poll(() => replyField(page).inputValue()).toBe("Half an answer");
});
