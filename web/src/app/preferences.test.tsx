import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { createFakeServer, problem } from "~/api/fake/server";
import { renderWith } from "~/testing/render";
import { usePreferences } from "./preferences";

it("takes back what was not saved, and says so", async () => {
  const server = createFakeServer();
  const shown: { theme: string; density: string; change: ReturnType<typeof usePreferences>[1] }[] = [];
  function Probe() {
    const [{ theme, density }, change] = usePreferences();
    shown.push({ theme, density, change });
    return null;
  }
  renderWith(<Probe />, server);
  await waitFor(() => expect(server.called("GET", "/v1/me")).toHaveLength(1));
  server.on("PATCH /v1/me", () => problem(500, "internal", "It broke."));
  act(() => shown.at(-1)?.change({ theme: "dark" }));
  await waitFor(() => expect(shown.some(({ theme }) => theme === "dark")).toBe(true));
  await screen.findByText("The setting was not saved");
  expect(shown.at(-1)).toMatchObject({ theme: "system", density: "comfortable" });
  expect(document.documentElement.dataset.theme).toBeUndefined();
});
