import { ada, ben, expect, signIn, test } from "../support/desk";

test("an agent signs in and comes to their own conversations", async ({ desk }) => {
  const page = await desk.window();
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in" }).click();
  await signIn(page, ben);
  await page.waitForURL("**/inbox/mine");
  await page.getByRole("button", { name: /Ben Okafor/ }).waitFor();
});

test("an agent who is no administrator gets none of its pages", async ({ desk }) => {
  const page = await desk.seat(ben, "/admin/agents");
  await page.getByText("This page is for administrators").waitFor();
  expect(await page.getByRole("link", { name: "Administration" }).count()).toBe(0);
});

test("an administrator comes back to the page that was asked for", async ({ desk }) => {
  const page = await desk.seat(ada, "/admin/labels");
  await page.getByRole("heading", { name: "Labels" }).waitFor();
});
