import { describe, expect, it, vi } from "vitest";
import type { Upload } from "~/api/types";
import { Tray, type TrayOptions } from "./tray";

const upload: Upload = { key: "outgoing/1", url: "/files/1", method: "PUT", headers: {}, expires_at: "" };
const picture = new File(["abc"], "a.png", { type: "image/png" });

function setup(given: Partial<TrayOptions> = {}) {
  const put = vi.fn<TrayOptions["put"]>(given.put ?? (() => Promise.resolve()));
  return { put, tray: new Tray({ create: () => Promise.resolve(upload), ...given, put }) };
}

describe("a file in the tray", () => {
  it("uploads at once and is ready with its key", async () => {
    const { tray } = setup();
    tray.add(picture, "image");
    expect(tray.files()[0]).toMatchObject({ state: "uploading", kind: "image" });
    await vi.waitFor(() => expect(tray.files()[0]).toMatchObject({ state: "ready", key: "outgoing/1", progress: 1 }));
  });
  it("tells how far it is", async () => {
    const { tray, put } = setup({ put: () => new Promise<void>(() => {}) });
    tray.add(picture, "image");
    await vi.waitFor(() => expect(put).toHaveBeenCalled());
    put.mock.calls[0]?.[2](0.4);
    expect(tray.files()[0]?.progress).toBe(0.4);
  });
  it("fails, and is tried again when asked", async () => {
    const answers = [Promise.reject(new Error("no")), Promise.resolve()];
    const { tray } = setup({ put: () => answers.shift() ?? Promise.resolve() });
    tray.add(picture, "image");
    await vi.waitFor(() => expect(tray.files()[0]?.state).toBe("failed"));
    tray.retry(tray.files()[0]?.id ?? "");
    await vi.waitFor(() => expect(tray.files()[0]?.state).toBe("ready"));
  });
  it("that is removed stops, and does not come back", async () => {
    const { tray, put } = setup({
      put: (_upload, _file, _progress, signal) =>
        new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
    });
    tray.add(picture, "image");
    await vi.waitFor(() => expect(put).toHaveBeenCalled());
    tray.remove(tray.files()[0]?.id ?? "");
    expect(put.mock.calls[0]?.[3].aborted).toBe(true);
    await Promise.resolve();
    expect(tray.files()).toEqual([]);
  });
  it("is handed over once", async () => {
    const { tray } = setup();
    tray.add(picture, "image");
    await vi.waitFor(() => expect(tray.files()[0]?.state).toBe("ready"));
    expect(tray.take()).toHaveLength(1);
    expect(tray.take()).toHaveLength(0);
  });
});
