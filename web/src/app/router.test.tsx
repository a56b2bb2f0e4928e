import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { renderAt } from "~/testing/render";

it("opens the agent's own conversations first", async () => {
  const { router } = renderAt("/");
  await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/mine"));
});

it("says so when an address names nothing", async () => {
  renderAt("/no/such/page");
  expect(await screen.findByText("There is nothing here")).toBeDefined();
});
