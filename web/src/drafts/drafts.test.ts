import { describe, expect, it, vi } from "vitest";
import { MemoryStorage } from "~/browser/storage";
import { Drafts } from "./drafts";

describe("drafts", () => {
  it("belong to one conversation and one mode", () => {
    const drafts = new Drafts(new MemoryStorage(), "ada");
    drafts.set("one", "reply", { text: "to the customer" });
    drafts.set("one", "note", { text: "to colleagues" });
    expect(drafts.get("one", "reply").text).toBe("to the customer");
    expect(drafts.get("one", "note").text).toBe("to colleagues");
    expect(drafts.get("two", "reply").text).toBe("");
  });
  it("outlive a reload", () => {
    const storage = new MemoryStorage();
    new Drafts(storage, "ada").set("one", "reply", { text: "half a sent", replyTo: "m1" });
    expect(new Drafts(storage, "ada").get("one", "reply")).toEqual({ text: "half a sent", replyTo: "m1" });
  });
  it("are not shown to whoever signs in next", () => {
    const storage = new MemoryStorage();
    new Drafts(storage, "ada").set("one", "reply", { text: "mine" });
    expect(new Drafts(storage, "ben").get("one", "reply").text).toBe("");
  });
  it("leave nothing behind once they are empty", () => {
    const storage = new MemoryStorage();
    const drafts = new Drafts(storage, "ada");
    drafts.set("one", "reply", { text: "x" });
    drafts.clear("one", "reply");
    expect(storage.length).toBe(0);
  });
  it("keep their reference while nothing changes", () => {
    const drafts = new Drafts(new MemoryStorage(), "ada");
    expect(drafts.get("one", "reply")).toBe(drafts.get("one", "reply"));
  });
  it("tell of changes", () => {
    const drafts = new Drafts(new MemoryStorage(), "ada");
    const listener = vi.fn();
    const stop = drafts.subscribe(listener);
    drafts.set("one", "reply", { text: "x" });
    stop();
    drafts.set("one", "reply", { text: "xy" });
    expect(listener).toHaveBeenCalledTimes(1);
  });
  it("stay in memory where the browser has no room", () => {
    const storage = new MemoryStorage();
    storage.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    const drafts = new Drafts(storage, "ada");
    drafts.set("one", "reply", { text: "x" });
    expect(drafts.get("one", "reply").text).toBe("x");
  });
  it("ignore what is not theirs in the storage", () => {
    const storage = new MemoryStorage();
    storage.setItem("omni.draft:ada:one:reply", '{"text":');
    expect(new Drafts(storage, "ada").get("one", "reply").text).toBe("");
  });
});

describe("the mode", () => {
  it("is reply at first, and then what the agent chose", () => {
    const storage = new MemoryStorage();
    const drafts = new Drafts(storage, "ada");
    expect(drafts.mode("one")).toBe("reply");
    drafts.setMode("one", "note");
    expect(new Drafts(storage, "ada").mode("one")).toBe("note");
    expect(drafts.mode("two")).toBe("reply");
  });
});

it("an editor begins anew when a draft is put back, and only then", () => {
  const drafts = new Drafts(new MemoryStorage(), "ada");
  drafts.set("one", "reply", { text: "typed" });
  expect(drafts.revision("one", "reply")).toBe(0);
  drafts.restore("one", "reply", { text: "taken back" });
  expect(drafts.revision("one", "reply")).toBe(1);
  expect(drafts.get("one", "reply").text).toBe("taken back");
});
