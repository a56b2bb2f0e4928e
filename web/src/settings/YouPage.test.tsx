import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { createFakeServer, problem } from "~/api/fake/server";
import { renderAt, renderWith } from "~/testing/render";
import { YouPage } from "./YouPage";

describe("the settings", () => {
  it("are kept with the account, and change the page at once", async () => {
    const server = createFakeServer();
    renderWith(<YouPage />, server);
    fireEvent.change(await screen.findByLabelText("Theme"), { target: { value: "dark" } });
    expect(document.documentElement.dataset.theme).toBe("dark");
    await waitFor(() => expect(server.state.me.preferences).toMatchObject({ theme: "dark" }));
    fireEvent.change(screen.getByLabelText("Theme"), { target: { value: "system" } });
    await waitFor(() => expect(document.documentElement.dataset.theme).toBeUndefined());
  });

  it("keep what an older or newer dashboard wrote", async () => {
    const server = createFakeServer();
    server.state.me.preferences = { holograms: true, sendKey: "mod+enter" };
    renderWith(<YouPage />, server);
    fireEvent.click(await screen.findByRole("switch", { name: "Single-key shortcuts" }));
    await waitFor(() =>
      expect(server.state.me.preferences).toEqual({ holograms: true, sendKey: "mod+enter", keyboard: false }),
    );
  });

  it("tell when one was not saved", async () => {
    const server = createFakeServer();
    server.on("PATCH /v1/me", () => problem(503, "unavailable", "The database does not answer."));
    renderWith(<YouPage />, server);
    fireEvent.click(await screen.findByRole("switch", { name: "Sounds" }));
    expect(await screen.findByText("The setting was not saved")).toBeDefined();
  });

  it("have the agent's own canned replies beside them", async () => {
    renderAt("/settings/canned-replies");
    expect(await screen.findByRole("heading", { name: "Canned replies" })).toBeDefined();
  });
});
