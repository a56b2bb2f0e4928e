import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { aLabel } from "~/api/fake/objects";
import { problem } from "~/api/fake/server";
import { renderWith } from "~/testing/render";
import { adminServer } from "../testing";
import { LabelsPage } from "./LabelsPage";

describe("LabelsPage", () => {
  it("makes a label in a colour", async () => {
    const server = adminServer();
    server.on("POST /v1/labels", ({ body }) => {
      const made = aLabel(body as { name: string; color: string });
      server.state.labels.push(made);
      return { status: 201, body: made };
    });
    renderWith(<LabelsPage />, server);
    expect(await screen.findByText("No labels yet")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "New label" }));
    fireEvent.change(await screen.findByLabelText("Name"), { target: { value: " refund " } });
    fireEvent.click(screen.getByRole("radio", { name: "Colour #17713c" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("rowheader", { name: "refund" })).toBeDefined();
    expect(server.called("POST", "/v1/labels")[0]?.body).toEqual({ name: "refund", color: "#17713c" });
  });

  it("tells beside the field what is wrong with it, and keeps what was typed", async () => {
    const server = adminServer();
    server.on("POST /v1/labels", () =>
      problem(422, "validation", "The label is not valid.", [
        { location: "body.name", message: "There is one of this name." },
      ]),
    );
    renderWith(<LabelsPage />, server);
    fireEvent.click(await screen.findByRole("button", { name: "New label" }));
    const name = await screen.findByLabelText("Name");
    fireEvent.change(name, { target: { value: "refund" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("There is one of this name.")).toBeDefined();
    expect(name).toMatchObject({ value: "refund" });
    expect(name.getAttribute("aria-invalid")).toBe("true");
  });

  it("says how many conversations lose a label before it is deleted", async () => {
    const label = aLabel({ name: "refund", conversations: 12 });
    const server = adminServer({ labels: [label] });
    server.on("DELETE /v1/labels/{id}", () => {
      server.state.labels = [];
      return undefined;
    });
    renderWith(<LabelsPage />, server);
    fireEvent.click(await screen.findByRole("button", { name: "Delete label refund" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("It comes off 12 conversations.")).toBeDefined();
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete label refund" }));
    await waitFor(() => expect(screen.queryByRole("rowheader", { name: "refund" })).toBeNull());
  });
});
