import type { Browser, BrowserContext, BrowserContextOptions, ConsoleMessage, Page } from "playwright-core";
import { test as base, expect, inject } from "vitest";
import { launch } from "./chromium";
import { Customer } from "./customer";

/** The agents that the development sign-in offers. */
export const ada = "Ada Lovelace (admin)";
export const ben = "Ben Okafor";
export const chiara = "Chiara Rossi";

/** A desk is where a test seats its agents: each window is a browser profile of its own. Whatever goes wrong in a console fails the test. */
export class Desk {
  readonly url = inject("server").url;
  private readonly contexts: BrowserContext[] = [];
  private readonly complaints: string[] = [];
  private forgiven: RegExp[] = [];

  constructor(private readonly browser: Browser) {}

  /** window is an empty page in a profile of its own. */
  async window(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: "en-US",
      timezoneId: "UTC",
      baseURL: this.url,
      ...options,
    });
    this.contexts.push(context);
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    page.on("console", (message) => this.listen(message));
    page.on("pageerror", (error) => this.complaints.push(`uncaught: ${error.message}`));
    return page;
  }

  /** seat is the window of an agent who has just signed in, at the path. */
  async seat(who: string, path = "/", options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.window(options);
    await page.goto(path);
    await page.getByRole("button", { name: "Sign in" }).click();
    await signIn(page, who);
    return page;
  }

  /** customer is a new one on the channel. */
  customer(channel: string, name: string): Promise<Customer> {
    return Customer.comes(this.url, channel, name);
  }

  /** forgive names console errors that the test makes on purpose: what a browser itself writes about an answer that is no success. */
  forgive(...patterns: RegExp[]): void {
    this.forgiven.push(...patterns);
  }

  /** clear closes every window and fails on what their consoles said. */
  async clear(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    expect(this.complaints.filter((text) => !this.forgiven.some((pattern) => pattern.test(text)))).toEqual([]);
  }

  /** pictures are what every window shows, for whoever looks into a failure. */
  async pictures(name: string): Promise<void> {
    const pages = this.contexts.flatMap((context) => context.pages());
    const folder = process.env["OMNI_FAILURES"] ?? "../build/browser-failures";
    await Promise.all(
      pages.map((page, i) => page.screenshot({ path: `${folder}/${name}-${i + 1}.png` }).catch(() => undefined)),
    );
  }

  private listen(message: ConsoleMessage): void {
    if (message.type() === "error" || message.type() === "warning")
      this.complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  }
}

/** signIn chooses one of the agents on the issuer's page. */
export async function signIn(page: Page, who: string): Promise<void> {
  await page.getByRole("button", { name: who }).click();
  await page.getByRole("navigation").first().waitFor();
}

/** test has a desk, and the browser that is behind it. */
export const test = base.extend<{ browser: Browser; desk: Desk }>({
  browser: [
    // oxlint-disable-next-line no-empty-pattern -- how vitest is told that nothing is needed
    async ({}, provide) => {
      const browser = await launch();
      await provide(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  desk: async ({ browser, task }, provide) => {
    const desk = new Desk(browser);
    await provide(desk);
    if (task.result?.state === "fail") await desk.pictures(task.name.replace(/\W+/g, "-"));
    await desk.clear();
  },
});

export { expect } from "vitest";
