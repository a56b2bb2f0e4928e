import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { DeadLetter, DeadLetterDetail } from "~/api/admin-operations";
import { anId, noon } from "~/api/fake/objects";
import { renderAt } from "~/testing/render";
import { adminServer } from "../testing";

const letter: DeadLetter = {
  id: anId(1),
  kind: "message",
  channel: "whatsapp",
  reason: "a message has no sender",
  died_at: noon,
  redriven_at: null,
};

const detail: DeadLetterDetail = {
  ...letter,
  state: "dead",
  account: "15550001",
  credential_account: "default",
  thread: "34600000001",
  external_id: "wamid.1",
  received_at: noon,
  webhook: null,
  raw: '{"from":null}',
  raw_encoding: null,
  body: null,
  understood_now: false,
  error_now: "still no sender",
};

function setup(items: DeadLetter[] = [letter]) {
  const server = adminServer();
  server.on("GET /v1/dead-letters", () => ({ body: { items, next: null } }));
  server.on("GET /v1/dead-letters/reasons", () => ({ body: { items: [{ reason: letter.reason, count: 1 }] } }));
  server.on("GET /v1/dead-letters/{id}", () => ({ body: detail }));
  server.on("POST /v1/dead-letters/redrive", () => ({ body: { rows: 1, jobs: 0, more: false } }));
  return renderAt("/admin/dead-letters", server);
}

describe("DeadLettersPage", () => {
  it("tells the number before anything is sent again, and sends what was selected", async () => {
    const { server } = setup();
    fireEvent.click(await screen.findByRole("checkbox", { name: /^Select the message/ }));
    fireEvent.click(screen.getByRole("button", { name: "Send 1 again" }));
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByText("1 event is processed once more.")).toBeDefined();
    const asked = () => server.called("POST", "/v1/dead-letters/redrive").map((call) => call.body);
    expect(asked()).toEqual([{ ids: [letter.id], dry_run: true }]);
    fireEvent.click(within(dialog).getByRole("button", { name: "Send 1 again" }));
    await waitFor(() => expect(asked()).toEqual([{ ids: [letter.id], dry_run: true }, { ids: [letter.id] }]));
  });

  it("shows the bytes as they came, and what today's code would make of them", async () => {
    setup();
    fireEvent.click(await screen.findByRole("button", { name: /^Show the message/ }));
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByText(/"from": null/)).toBeDefined();
    expect(within(dialog).getByText("It would die again: still no sender")).toBeDefined();
  });

  it("tells nothing yet from nothing that matches", async () => {
    const { router } = setup([]);
    expect(await screen.findByText("No dead letters")).toBeDefined();
    fireEvent.change(screen.getByLabelText("Channel"), { target: { value: "" } });
    await router.navigate({ to: "/admin/dead-letters", search: { kind: "status" } });
    expect(await screen.findByText("Nothing matches these filters")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });
});
