import { describe } from "vitest";
import { ben, expect, test } from "../support/desk";
import { answer, messageOf, open } from "../support/inbox";

describe.each(["whatsapp", "messenger", "instagram", "telegram"])("on %s", (channel) => {
  test("a message comes in live, is answered, and its status follows the platform's word", async ({ desk }) => {
    const page = await desk.seat(ben, "/inbox/all");
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    const customer = await desk.customer(channel, `Maria ${channel}`);
    await customer.writes(`Is it in stock on ${channel}?`);
    await open(page, `Is it in stock on ${channel}?`); // without a reload
    await messageOf(page, `Is it in stock on ${channel}?`).waitFor();
    await answer(page, `Yes, two left on ${channel}.`);
    const got = await customer.gets(`Yes, two left on ${channel}.`);
    expect(got.times).toBe(1);
    await messageOf(page, `Yes, two left on ${channel}.`)
      .getByText(channel === "telegram" ? "Sent" : "Read", { exact: true })
      .waitFor();
  });
});
