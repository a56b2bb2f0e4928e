import { afterEach, describe, expect, it, vi } from "vitest";
import { reloadWhenStale } from "./stale";

const stops: (() => void)[] = [];
afterEach(() => {
  stops.splice(0).forEach((stop) => stop());
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

/** A page of a build, and what the server answers it. */
function page(build: string, answer: () => Promise<Response>) {
  const asked = vi.fn(answer);
  vi.stubGlobal("fetch", asked);
  const reload = vi.fn();
  stops.push(reloadWhenStale({ build, reload }));
  return { asked, reload };
}

const answers = () => Promise.resolve(new Response("<!doctype html>"));
const missPart = () => void window.dispatchEvent(new Event("vite:preloadError"));
/** Lets everything that is under way come to its end. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a page that misses a part of itself", () => {
  it("is loaded anew, once", async () => {
    const { asked, reload } = page("a", answers);
    missPart();
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
    missPart();
    await settled();
    expect(reload).toHaveBeenCalledOnce();
    expect(asked).toHaveBeenCalledOnce();
  });

  it("is loaded anew after the next deployment too", async () => {
    sessionStorage.setItem("omni.reloaded", "a");
    const { reload } = page("b", answers);
    missPart();
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  it.each([
    ["there is no network", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["the server has no page", () => Promise.resolve(new Response("", { status: 503 }))],
  ])("stays while %s, and is loaded anew when that is over", async (_, answer) => {
    const { asked, reload } = page("a", answer);
    missPart();
    await settled();
    expect(asked).toHaveBeenCalledOnce();
    expect(reload).not.toHaveBeenCalled();
    asked.mockImplementation(answers);
    missPart();
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });
});
