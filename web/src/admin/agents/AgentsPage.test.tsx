import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { anAgent, anId } from "~/api/fake/objects";
import { problem } from "~/api/fake/server";
import { renderWith } from "~/testing/render";
import { adminServer } from "../testing";
import { AgentsPage } from "./AgentsPage";

const ben = anAgent({ id: anId(3), name: "Ben Okafor", open_conversations: 4 });

function setup() {
  const server = adminServer();
  server.state.agents = [server.state.me, { ...ben }];
  server.on("PATCH /v1/agents/{id}", ({ body }, id) => {
    const agent = server.state.agents.find((each) => each.id === id);
    return { body: agent && Object.assign(agent, body) };
  });
  renderWith(<AgentsPage />, server);
  return server;
}

describe("AgentsPage", () => {
  it("disables an agent after asking, and lets them in again", async () => {
    const server = setup();
    fireEvent.click(await screen.findByRole("button", { name: "Disable Ben Okafor" }));
    const dialog = await screen.findByRole("dialog");
    expect(server.called("PATCH", `/v1/agents/${ben.id}`)).toHaveLength(0);
    fireEvent.click(within(dialog).getByRole("button", { name: "Disable Ben Okafor" }));
    fireEvent.click(await screen.findByRole("button", { name: "Enable Ben Okafor" }));
    await screen.findByRole("button", { name: "Disable Ben Okafor" });
    expect(server.called("PATCH", `/v1/agents/${ben.id}`).map((call) => call.body)).toEqual([
      { state: "disabled" },
      { state: "active" },
    ]);
  });

  it("lets nobody disable themselves", async () => {
    setup();
    await screen.findByRole("button", { name: "Disable Ben Okafor" });
    expect(screen.queryByRole("button", { name: /Ada Lovelace/ })).toBeNull();
  });

  it("says why a change was refused, and shows what is", async () => {
    const server = setup();
    server.on("PATCH /v1/agents/{id}", () => problem(403, "forbidden", "Only administrators change agents."));
    const available = await screen.findByRole("switch", { name: "Ben Okafor takes conversations" });
    fireEvent.click(available);
    expect(await screen.findByText("Only administrators change agents.")).toBeDefined();
    await waitFor(() => expect(available.getAttribute("aria-checked")).toBe("true"));
  });
});
