import { inject } from "vitest";
import { faults } from "../support/axe";
import { ben, expect, test } from "../support/desk";
import { answer, open } from "../support/inbox";
import { until } from "../support/until";
import { Visitor } from "../support/visitor";

test("the chat works under a policy that allows no inline script, style or eval", async ({ desk }) => {
  const page = await desk.window({ baseURL: inject("server").demo });
  const answered = await page.goto("/");
  const policy = answered?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
  // What the policy stops is written to the console, which fails the test.
  await page.getByRole("button", { name: "Ask us anything" }).click();
  await page.getByRole("dialog", { name: "Chat with us" }).getByRole("textbox").fill("Strictly");
  const box = await page.getByRole("dialog").boundingBox();
  expect(box?.width).toBe(388);
});

test("a page view asks the server for nothing, and keeps nothing, before the visitor opens the chat", async ({
  desk,
}) => {
  const page = await desk.window({ baseURL: inject("server").demo });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto("/?consent=required");
  await page.getByRole("button", { name: "Open the chat" }).click();
  await page.getByRole("button", { name: "Agree and start" }).waitFor();
  expect(asked.filter((path) => path.startsWith("/visitors/"))).toEqual([]);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ""]);
  await page.getByRole("button", { name: "Agree and start" }).click();
  await page.getByRole("textbox", { name: "Your message" }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
});

test("an origin that the site does not allow gets no chat", async ({ desk }) => {
  desk.forgive(/403/);
  const page = await desk.window();
  await page.goto("/");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.src = "/widget/v1/omni-chat.js";
    script.dataset["account"] = "default";
    document.head.append(script);
  });
  await page.getByRole("button", { name: "Open the chat" }).click();
  await page.getByText("The chat is not available on this page.").waitFor();
});

test("everything can be done by keys", async ({ desk }) => {
  const visitor = await Visitor.comes(desk);
  const { page } = visitor;
  await visitor.launcher.focus();
  await page.keyboard.press("Enter");
  await visitor.field.waitFor();
  await page.keyboard.type("By keys");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("alone");
  await page.keyboard.press("Enter");
  await visitor.sent("By keys");
  expect(await visitor.texts()).toEqual(["By keys\nalone"]);
  const focused = () =>
    page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute("aria-label"));
  await page.keyboard.press("Shift+Tab");
  expect(await focused()).toBe("Attach files");
  await until("the way back leads to the message", async () => {
    await page.keyboard.press("Shift+Tab");
    return (await focused()) === "Reply to this message";
  });
  await page.keyboard.press("Enter");
  await visitor.chat.getByRole("button", { name: "Do not reply to this message" }).waitFor();
  expect(await focused()).toBe("Your message");
  await page.keyboard.press("Escape");
  await visitor.chat.waitFor({ state: "detached" });
  expect(await focused()).toBe("Open the chat");
});

test("a page that is read from the right has the chat on its left", async ({ desk }) => {
  const visitor = await Visitor.comes(desk, { lang: "ar", texts: '{"write":"رسالتك","open":"افتح"}' });
  await visitor.page.getByRole("button", { name: "افتح" }).click();
  const field = visitor.chat.getByRole("textbox", { name: "رسالتك" });
  await field.fill("مرحبا");
  const [panel, launcher] = await Promise.all([visitor.chat.boundingBox(), visitor.launcher.boundingBox()]);
  expect(panel?.x).toBe(20);
  expect(launcher?.x).toBeLessThan(30);
  const send = await visitor.chat.getByRole("button", { name: "Send" }).boundingBox();
  expect(send?.x).toBeLessThan((await field.boundingBox())?.x ?? 0);
});

test("on a phone it covers the page, and Tab stays in it", async ({ desk }) => {
  const visitor = await Visitor.comes(desk, {}, { viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
  await visitor.opens();
  expect(await visitor.chat.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  expect(await visitor.launcher.isVisible()).toBe(false);
  for (let n = 0; n < 12; n++) {
    await visitor.page.keyboard.press("Tab");
    expect(await visitor.page.evaluate(() => document.activeElement?.tagName)).toBe("OMNI-CHAT");
  }
});

for (const colorScheme of ["light", "dark"] as const)
  test(`axe finds nothing, ${colorScheme}`, async ({ desk }) => {
    const visitor = await Visitor.comes(desk, {}, { colorScheme });
    const found = await faults(visitor.page);
    await visitor.opens();
    await visitor.says(`Can everybody read this in ${colorScheme}?`);
    const agent = await desk.seat(ben, "/inbox/all");
    await open(agent, `Can everybody read this in ${colorScheme}?`);
    await answer(agent, "We hope so: https://example.com");
    await visitor.message("We hope so").waitFor();
    await visitor.chat.getByRole("button", { name: "Reply to this message" }).first().click();
    found.push(...(await faults(visitor.page)));
    expect(found.join("\n")).toBe("");
  });
