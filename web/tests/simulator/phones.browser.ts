import { ben, expect, test } from "../support/desk";
import { answer, messageOf, open } from "../support/inbox";

test("customers are played side by side, and see what the agents answer", async ({ desk }) => {
  const table = await desk.window();
  await table.goto("/simulator");
  for (const [channel, name] of [
    ["whatsapp", "Phone One"],
    ["telegram", "Phone Two"],
  ] as const) {
    await table.getByLabel("Channel").selectOption(channel);
    await table.getByLabel("Name").fill(name);
    await table.getByRole("button", { name: "Add customer" }).click();
    const phone = table.getByRole("region", { name: `Phone of ${name}` });
    await phone.getByRole("textbox").fill(`Hello from ${name}`);
    await phone.getByRole("button", { name: "Send", exact: true }).click();
    await phone.getByText("Accepted").waitFor();
  }
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, "Hello from Phone Two");
  await answer(page, "Hello Two");
  const phone = table.getByRole("region", { name: "Phone of Phone Two" });
  await phone.getByText("Hello Two").waitFor();
  await phone.getByRole("button", { name: "What Phone Two can do with this message" }).last().click();
  await table.getByRole("menuitem", { name: "message reaction", exact: true }).click();
  await phone.getByRole("textbox").fill("👍");
  await phone.getByRole("button", { name: "Send", exact: true }).click();
  await messageOf(page, "Hello Two").getByText("👍").first().waitFor({ state: "attached" });
  await table.reload();
  await table.getByRole("region", { name: "Phone of Phone One" }).waitFor();
  expect(await table.getByRole("region", { name: /^Phone of/ }).count()).toBe(2);
});
