import { describe, expect, it, vi } from "vitest";
import { FakeWebSocket } from "~/testing/sockets";
import { FakePage } from "./testing/page";
import { FakeServer } from "./testing/fake-server";

const eventually = vi.waitFor;

async function opened(attributes: Record<string, string> = {}, server = new FakeServer()): Promise<FakePage> {
  const page = new FakePage(server, attributes);
  page.click("Open the chat");
  await eventually(() => expect(page.server.asked.some((asked) => asked.endsWith("/messages"))).toBe(true));
  return page;
}

describe("a page with the chat", () => {
  it("calls nobody and keeps nothing until the visitor opens it", async () => {
    const page = new FakePage();
    await Promise.resolve();
    expect(page.server.asked).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  it("sends what is written, once, and shows it once", async () => {
    const page = await opened();
    page.send("Is the blue lamp in stock?");
    expect(page.bubbles).toEqual(["Is the blue lamp in stock?"]);
    await eventually(() => expect(page.server.messages()).toHaveLength(1));
    await page.connect();
    await eventually(() => expect(page.one(".meta").textContent).toContain("Sent"));
    expect(page.bubbles).toEqual(["Is the blue lamp in stock?"]);
  });

  it("shows an answer at once, tells a reader of it, and the server that it was read", async () => {
    const page = await opened();
    await page.connect();
    page.server.says("Yes, two are left.");
    await eventually(() => expect(page.bubbles).toEqual(["Yes, two are left."]));
    expect(page.one("[aria-live]").textContent).toBe("Ada wrote: Yes, two are left.");
    await eventually(() => expect(page.server.events.map(({ type }) => type)).toContain("read"));
  });

  it("counts answers that come while it is closed", async () => {
    const page = await opened();
    page.send("Hello");
    await page.connect();
    await eventually(() => expect(page.server.messages()).toHaveLength(1));
    page.chat.close();
    const counts: number[] = [];
    page.chat.on("unread", ({ count }) => counts.push(count));
    page.server.says("Good morning!");
    await eventually(() => expect(page.one(".badge").textContent).toBe("1"));
    page.chat.open();
    await eventually(() => expect(counts).toEqual([1, 0]));
  });

  it("keeps the draft through a reload", async () => {
    const page = await opened();
    page.write("I wanted to as");
    const again = page.reload();
    again.click("Open the chat");
    expect(again.one<HTMLTextAreaElement>("textarea").value).toBe("I wanted to as");
  });

  it("sends a message whose answer was lost again under the same id, and shows it once", async () => {
    const page = await opened();
    page.server.failures["default"] = ["lost"];
    page.send("Did you get this?");
    await eventually(() => expect(page.server.events).toHaveLength(1));
    const again = page.reload();
    await eventually(() => expect(again.server.events).toHaveLength(2));
    const [first, second] = page.server.events;
    expect(second).toEqual(first);
    await eventually(() => expect(again.server.messages()).toHaveLength(1));
  });

  it("renews a token that is too old, and the visitor stays the same", async () => {
    const page = await opened();
    page.server.expire();
    page.send("Still me");
    await eventually(() => expect(page.server.messages("v1")).toHaveLength(1));
    expect(page.server.sessions.at(-1)?.token).toBe("v1.0");
  });

  it("says why the server does not take a message, and sends it when asked", async () => {
    const page = await opened();
    page.server.failures["default"] = [422];
    page.send("Hm");
    await eventually(() => expect(page.one(".meta.bad").textContent).toContain("Not sent: Refused with 422."));
    page.click("Try again");
    await eventually(() => expect(page.server.messages()).toHaveLength(1));
  });

  it("is not for a page that the site does not know", async () => {
    const server = new FakeServer();
    server.failures["session"] = [403];
    const page = new FakePage(server);
    page.click("Open the chat");
    await eventually(() => expect(page.one(".notice").textContent).toBe("The chat is not available on this page."));
  });

  it("catches up after its socket was cut", async () => {
    const page = await opened();
    await page.connect();
    FakeWebSocket.last().close();
    page.server.says("While you were away");
    await eventually(() => expect(page.bubbles).toEqual(["While you were away"]), { timeout: 5_000 });
  });

  it("shows an edit in the place of what was said, and a deletion without it", async () => {
    const page = await opened();
    await page.connect();
    const said = page.server.says("At nien.");
    await eventually(() => expect(page.bubbles).toEqual(["At nien."]));
    page.server.put("v1", { ...said, text: "At nine.", edited: true });
    await eventually(() => expect(page.bubbles).toEqual(["At nine."]));
    expect(page.one(".meta").textContent).toContain("edited");
    page.server.put("v1", { ...said, text: undefined, deleted: true });
    await eventually(() => expect(page.bubbles).toEqual(["This message was deleted."]));
  });

  it("loads what is older, and keeps the order", async () => {
    const server = new FakeServer();
    for (let n = 1; n <= 40; n++) server.says(`Number ${n}`, { status: "read" });
    const page = await opened({}, server);
    const all = Array.from({ length: 40 }, (_, n) => `Number ${n + 1}`);
    await eventually(() => expect(page.bubbles).toEqual(all));
  });
});

describe("kinds of messages", () => {
  const kinds: [string, Parameters<FakeServer["says"]>[1], string, RegExp][] = [
    [
      "a picture",
      { text: null, file: { url: "/f/1", mime: "image/png", name: "lamp.png" } },
      "img",
      /https:\/\/api\d+.example\/f\/1/,
    ],
    ["a film", { text: null, file: { url: "/f/1", mime: "video/mp4" } }, "video", /f\/1/],
    ["a sound", { text: null, file: { url: "/f/1", mime: "audio/ogg" } }, "audio", /f\/1/],
    [
      "a document",
      { text: null, file: { url: "/f/1", mime: "application/pdf", name: "Bill.pdf", bytes: 2_000 } },
      "a.file",
      /Bill.pdf.*2 kB/s,
    ],
    ["a file that is not there yet", { text: null, file: { url: null, mime: "image/png" } }, ".card", /being prepared/],
    [
      "a place",
      { text: null, place: { latitude: 1.5, longitude: 2.5, name: "The shop" } },
      "a.card",
      /mlat=1.5&amp;mlon=2.5.*The shop/s,
    ],
    [
      "a card",
      { text: null, card: { name: "Mira", phones: ["+34 600 1"], emails: ["m@example.com"] } },
      ".card",
      /tel:\+346001.*mailto:m@example.com/s,
    ],
    ["a link", { text: "See https://example.com/a." }, ".words a", /href="https:\/\/example.com\/a"/],
  ];
  it.each(kinds)("%s", async (_name, more, selector, looks) => {
    const page = await opened();
    await page.connect();
    page.server.says("", more);
    await eventually(() => expect(page.one(selector).outerHTML).toMatch(looks));
  });

  it("a script is no link, and no markup", async () => {
    const page = await opened();
    await page.connect();
    page.server.says("javascript:alert(1) <img src=x onerror=alert(1)>");
    await eventually(() => expect(page.bubbles).toHaveLength(1));
    expect(page.all("ol a, ol img")).toEqual([]);
  });

  it("choices are buttons until one is taken", async () => {
    const page = await opened();
    await page.connect();
    const { id } = page.server.says("Which one?", {
      choices: [
        { id: "b", title: "The blue one" },
        { id: "r", title: "The red one" },
      ],
    });
    await eventually(() => expect(page.all(".choices button")).toHaveLength(2));
    page.click("The blue one");
    await eventually(() => expect(page.server.events.at(-1)).toMatchObject({ choice: { id: "b" }, reply_to: id }));
    expect(page.all(".choices button")).toEqual([]);
  });

  it("a reply names what it answers", async () => {
    const page = await opened();
    await page.connect();
    const { id } = page.server.says("Blue or red?");
    await eventually(() => expect(page.bubbles).toHaveLength(1));
    page.click("Reply to this message");
    expect(page.one(".quoting .quote").textContent).toBe("AdaBlue or red?");
    page.send("Blue");
    await eventually(() => expect(page.server.events.at(-1)).toMatchObject({ text: "Blue", reply_to: id }));
  });
});

describe("consent", () => {
  it("comes before any request and anything that is kept", async () => {
    const page = new FakePage(undefined, { consent: "required" });
    page.click("Open the chat");
    expect(page.server.asked).toEqual([]);
    expect(localStorage.length).toBe(0);
    page.click("Agree and start");
    await eventually(() => expect(page.server.asked.length).toBeGreaterThan(0));
    expect(localStorage.length).toBeGreaterThan(0);
  });

  it("is remembered, and taken back with everything that was kept", async () => {
    const page = new FakePage(undefined, { consent: "required" });
    page.chat.consent(true);
    const again = page.reload({ consent: "required" });
    again.click("Open the chat");
    await eventually(() => expect(again.server.asked.length).toBeGreaterThan(0));
    again.chat.consent(false);
    expect(localStorage.length).toBe(0);
    expect(again.all(".consent")).toHaveLength(1);
  });
});

describe("who the visitor is", () => {
  const mira = { id: "mira", name: "Mira", hmac: "00" };

  it("can be said before anybody is called, and goes along then", async () => {
    const page = new FakePage();
    page.chat.identify(mira);
    expect(page.server.asked).toEqual([]);
    page.click("Open the chat");
    await eventually(() => expect(page.server.sessions).toMatchObject([{ identity: { id: "mira" } }]));
  });

  it("changes what is shown when it changes", async () => {
    const page = await opened();
    page.server.says("For mira", { status: "read" }, "mira");
    page.send("From nobody");
    await eventually(() => expect(page.server.messages()).toHaveLength(1));
    page.chat.identify(mira);
    await eventually(() => expect(page.bubbles).toEqual(["For mira"]));
  });

  it("leaves nothing behind when it is forgotten", async () => {
    const page = await opened();
    page.write("Secret");
    page.chat.forget();
    expect(page.one<HTMLTextAreaElement>("textarea").value).toBe("");
    expect(Object.keys(localStorage).filter((name) => name.endsWith("draft"))).toEqual([]);
  });
});

it("an answer to who the visitor was does not bring them back", async () => {
  const page = new FakePage();
  page.click("Open the chat");
  page.chat.forget();
  await eventually(() => expect(page.server.sessions).toHaveLength(2));
  expect(page.server.sessions[1]?.token).toBeUndefined();
});

describe("an e-mail address", () => {
  it("is asked for when nobody is there and the visitor has written, and sent as an event", async () => {
    const server = new FakeServer();
    server.settings = { ...server.settings, away: true, ask_email: "away" };
    const page = await opened({}, server);
    expect(page.all(".email")).toEqual([]);
    page.send("Anybody there?");
    page.one<HTMLInputElement>(".email input").value = "mira@example.com";
    page.one(".email").dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    await eventually(() => expect(server.events.at(-1)).toMatchObject({ type: "email", email: "mira@example.com" }));
    expect(page.all(".email")).toEqual([]);
  });
});

it("somebody who answers is there, whatever was so when the chat began", async () => {
  const server = new FakeServer();
  server.settings = { ...server.settings, away: true, ask_email: "away" };
  const page = await opened({}, server);
  await page.connect();
  page.send("Anybody there?");
  await eventually(() => expect(page.one(".heading p").textContent).toContain("Nobody is here"));
  server.says("Here I am.", { at: new Date().toISOString() });
  await eventually(() => expect(page.one(".heading p").textContent).not.toContain("Nobody"));
  expect(page.all(".email")).toEqual([]);
});

describe("language", () => {
  it.each([
    ["de", {}, "Chat öffnen", "ltr"],
    ["ar", { texts: '{"open":"افتح الدردشة"}' }, "افتح الدردشة", "rtl"],
    ["pl", {}, "Open the chat", "ltr"],
    ["no such tag!", {}, "Open the chat", "ltr"],
  ])("%s", (lang, more, name, dir) => {
    const page = new FakePage(undefined, { lang, ...more });
    expect(page.one(".launcher").getAttribute("aria-label")).toBe(name);
    expect(page.one(".chat").getAttribute("dir")).toBe(dir);
  });
});
