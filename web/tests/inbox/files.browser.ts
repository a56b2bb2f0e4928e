import type { Page } from "playwright-core";
import { describe } from "vitest";
import { ben, expect, test } from "../support/desk";
import { messageOf, open, replyField } from "../support/inbox";
import { handOver, pictureFile, type PictureFile } from "../support/picture-file";
import { until } from "../support/until";

/** The ways in which a file comes to an answer. */
const ways: Record<string, (page: Page, file: PictureFile) => Promise<void>> = {
  "chosen with the button": async (page, file) => {
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Attach files" }).click();
    await (await choosing).setFiles(file);
  },
  "dropped on the conversation": async (page, file) => {
    const dataTransfer = await handOver(page, file);
    const messages = page.getByRole("feed", { name: "Messages" });
    await messages.dispatchEvent("dragover", { dataTransfer });
    await page.getByText("Drop files to attach them").waitFor();
    await messages.dispatchEvent("drop", { dataTransfer });
    await page.getByText("Drop files to attach them").waitFor({ state: "detached" });
  },
  "pasted into the answer": async (page, file) => {
    const data = await handOver(page, file);
    await replyField(page).evaluate(
      (field, clipboardData) => field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true })),
      data,
    );
  },
};

describe.each(Object.entries(ways))("a picture that is %s", (way, attach) => {
  test("goes with its text, reaches the customer once, and opens large", async ({ desk }) => {
    const customer = await desk.customer("whatsapp", `Lena ${way}`);
    await customer.writes("What does it look like?");
    const page = await desk.seat(ben, "/inbox/all");
    await open(page, customer.name);
    const file = await pictureFile(page, "lamp.png", "#2563eb");
    await attach(page, file);

    const tray = page.getByRole("list", { name: "Attached files" });
    await tray.getByText("lamp.png").waitFor();
    await replyField(page).fill("The blue one");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await tray.waitFor({ state: "detached" });

    const got = await customer.gets("The blue one");
    expect(got).toMatchObject({ kind: "image", times: 1, content: { file: { kind: "image" } } });
    expect((await customer.sees()).filter((entry) => entry.from === "us")).toHaveLength(1);

    const message = messageOf(page, "The blue one");
    await message.getByText("Read", { exact: true }).waitFor();
    await message.getByRole("button", { name: "Open lamp.png" }).click();
    const large = page.getByRole("dialog", { name: "lamp.png" });
    await until("the picture is there", () =>
      large.getByRole("img").evaluate((image: HTMLImageElement) => image.naturalWidth === 640),
    );
    await page.keyboard.press("Escape");
    await large.waitFor({ state: "detached" });
  });
});

test("an empty file is refused before anything is uploaded, and an attached file can be taken away", async ({
  desk,
}) => {
  const customer = await desk.customer("whatsapp", "Mina Refused");
  await customer.writes("Send me the program");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);
  const uploads: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/v1/uploads")) uploads.push(request.url());
  });
  const input = page.locator("input[type=file]");
  await input.setInputFiles({ name: "empty.png", mimeType: "image/png", buffer: Buffer.alloc(0) });
  await page.getByText("The file is empty.", { exact: true }).waitFor();
  expect(uploads).toEqual([]);

  await input.setInputFiles(await pictureFile(page, "wrong.png", "#dc2626"));
  await page.getByRole("button", { name: /(Remove|Cancel the upload of) wrong.png/ }).click();
  await page.getByRole("list", { name: "Attached files" }).waitFor({ state: "detached" });
  expect(await page.getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true);
});

test("a picture and a document of a customer are shown, and the picture opens large", async ({ desk }) => {
  const customer = await desk.customer("whatsapp", "Pia Picture");
  await customer.writes("This is the scratch", { kind: "image" });
  await customer.does("document");
  const page = await desk.seat(ben, "/inbox/all");
  await open(page, customer.name);
  await messageOf(page, "This is the scratch").getByRole("button", { name: /^Open/ }).click();
  const large = page.getByRole("dialog");
  await until("the picture is there", () =>
    large.getByRole("img").evaluate((image: HTMLImageElement) => image.naturalWidth > 0),
  );
  await page.keyboard.press("Escape");
  await page
    .getByRole("article")
    .getByRole("link", { name: /^Download/ })
    .first()
    .waitFor();
});
