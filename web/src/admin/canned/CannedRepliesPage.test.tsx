import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { aCannedReply, aChannel } from "~/api/fake/objects";
import { createFakeServer } from "~/api/fake/server";
import { renderWith } from "~/testing/render";
import { adminServer } from "../testing";
import { CannedRepliesPage } from "./CannedRepliesPage";

const shared = aCannedReply({ title: "Greeting", shortcut: "hi", shared: true });
const own = aCannedReply({ title: "Opening hours", shortcut: "hours", shared: false });

describe("CannedRepliesPage", () => {
  it("lets an agent change their own, not everybody's", async () => {
    renderWith(<CannedRepliesPage />, createFakeServer({ cannedReplies: [shared, own] }));
    expect(await screen.findByRole("button", { name: "Edit canned reply Opening hours" })).toBeDefined();
    expect(screen.queryByRole("button", { name: "Edit canned reply Greeting" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "New canned reply" }));
    expect(await screen.findByLabelText("Shortcut")).toBeDefined();
    expect(screen.queryByRole("switch", { name: "For everybody" })).toBeNull();
  });

  it("shows what a customer would get, with the gaps that nothing fills", async () => {
    const server = adminServer({ cannedReplies: [shared], channels: [aChannel()] });
    renderWith(<CannedRepliesPage />, server);
    fireEvent.click(await screen.findByRole("button", { name: "New canned reply" }));
    fireEvent.change(await screen.findByLabelText("Text"), {
      target: { value: "Dear {{contact.first_name}}, your order {{order.number}} is ready. {{agent.name}}" },
    });
    const preview = screen.getByText(/Dear Maria, your order/);
    expect(preview.parentElement?.textContent).toBe("Dear Maria, your order {{order.number}} is ready. Ada Lovelace");
    expect(screen.getByText("{{order.number}}").tagName).toBe("MARK");
  });

  it("saves one for some channels and for everybody", async () => {
    const server = adminServer({ channels: [aChannel()] });
    server.on("POST /v1/canned-replies", ({ body }) => ({ status: 201, body: aCannedReply(body as typeof shared) }));
    renderWith(<CannedRepliesPage />, server);
    fireEvent.click(await screen.findByRole("button", { name: "New canned reply" }));
    for (const [label, value] of [
      ["Shortcut", "hi"],
      ["Title", "Greeting"],
      ["Text", "Hello"],
    ] as const)
      fireEvent.change(await screen.findByLabelText(label), { target: { value } });
    fireEvent.click(await screen.findByRole("checkbox", { name: "WhatsApp" }));
    fireEvent.click(screen.getByRole("switch", { name: "For everybody" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("No canned replies yet");
    expect(server.called("POST", "/v1/canned-replies")[0]?.body).toEqual({
      shortcut: "hi",
      title: "Greeting",
      text: "Hello",
      channels: ["whatsapp"],
      shared: true,
    });
  });
});
