import type { BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { inject } from "vitest";
import type { Desk } from "./desk";

/** A visitor of the demo's shop, in a browser of their own. A page that they close and open again is still theirs. */
export class Visitor {
  private constructor(readonly page: Page) {}

  /** comes is somebody new on the shop's page, whose address may say how the chat is to be. */
  static async comes(
    desk: Desk,
    wishes: Record<string, string> = {},
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const visitor = new Visitor(await desk.window({ baseURL: inject("server").demo, ...options }));
    await visitor.page.goto(`/?${new URLSearchParams(wishes)}`);
    await visitor.launcher.waitFor();
    return visitor;
  }

  /** again is the same browser with a new page. */
  async again(): Promise<Visitor> {
    const context: BrowserContext = this.page.context();
    await this.page.close();
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto("/");
    await visitor.launcher.waitFor();
    return visitor;
  }

  get launcher(): Locator {
    return this.page.locator("omni-chat .launcher");
  }

  get chat(): Locator {
    return this.page.getByRole("dialog");
  }

  get field(): Locator {
    return this.chat.getByRole("textbox", { name: "Your message" });
  }

  async opens(): Promise<void> {
    await this.launcher.click();
    await this.field.waitFor();
  }

  async writes(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  message(text: string): Locator {
    return this.chat.getByRole("listitem").filter({ hasText: text });
  }

  /** says waits until the server has a message of the visitor's. */
  async says(text: string): Promise<void> {
    await this.writes(text);
    await this.sent(text);
  }

  async sent(text: string): Promise<void> {
    await this.message(text)
      .getByText(/^(Sent|Read)$/)
      .waitFor({ state: "attached" });
  }

  /** texts are what the conversation says, in its order. */
  texts(): Promise<string[]> {
    return this.chat.locator("ol .words").allTextContents();
  }
}
