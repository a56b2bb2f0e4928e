import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { createFakeServer, problem } from "~/api/fake/server";
import { keys } from "~/api/keys";
import { renderWith } from "~/testing/render";
import { usePreferences } from "./preferences";

function Theme() {
  const [{ theme }, change] = usePreferences();
  return <button onClick={() => change({ theme: "dark" })}>{theme}</button>;
}

it("takes back what was not saved, and says so", async () => {
  const server = createFakeServer();
  server.on("PATCH /v1/me", () => problem(500, "internal", "It broke."));
  const { client } = renderWith(<Theme />, server);
  await waitFor(() => expect(client.getQueryData(keys.me)).toBeDefined());
  act(() => screen.getByRole("button", { name: "system" }).click());
  expect(document.documentElement.dataset.theme).toBe("dark");
  await screen.findByText("The setting was not saved");
  await screen.findByRole("button", { name: "system" });
  expect(document.documentElement.dataset.theme).toBeUndefined();
});
