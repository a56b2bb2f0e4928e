import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderAt } from "~/testing/render";
import { adminServer } from "./testing";

describe("the administration", () => {
  it("is for administrators only", async () => {
    renderAt("/admin/labels");
    expect(await screen.findByText("This page is for administrators")).toBeDefined();
    expect(screen.queryByRole("navigation", { name: "Administration" })).toBeNull();
  });

  it("has a way to each of its rooms and opens the channels first", async () => {
    const { router } = renderAt("/admin", adminServer());
    const rooms = await screen.findByRole("navigation", { name: "Administration" });
    expect(rooms.querySelectorAll("a")).toHaveLength(7);
    expect(router.state.location.pathname).toBe("/admin/channels");
  });
});
