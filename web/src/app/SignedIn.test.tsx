import { act, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { SessionContext } from "./session/context";
import type { Session } from "./session/session";
import { SignedIn } from "./SignedIn";

vi.mock("./Entry", () => ({ Entry: () => <textarea aria-label="composer" /> }));

function aSession(signedIn: boolean) {
  const listeners = new Set<() => void>();
  let now = signedIn;
  const signIn = vi.fn(() => Promise.resolve());
  const session = {
    config: { issuer: "", client_id: "", logout_url: null, api_url: "", dev: true },
    signedIn: () => now,
    signIn,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Session;
  const set = (next: boolean) =>
    act(() => {
      now = next;
      listeners.forEach((listener) => listener());
    });
  return { session, set, signIn };
}

const show = (session: Session) =>
  render(
    <SessionContext value={session}>
      <SignedIn />
    </SessionContext>,
  );

it("shows whoever is not signed in the way in, and nothing else", () => {
  const { session, signIn } = aSession(false);
  show(session);
  expect(screen.queryByLabelText("composer")).toBeNull();
  screen.getByRole("button", { name: "Sign in" }).click();
  expect(signIn).toHaveBeenCalledOnce();
});

it("keeps the page and what was typed when a session ends, until the agent is back", async () => {
  const { session, set, signIn } = aSession(true);
  show(session);
  const composer = screen.getByLabelText<HTMLTextAreaElement>("composer");
  composer.value = "half a sentence";
  set(false);
  expect(await screen.findByRole("alertdialog", { name: "Your session has ended" })).toBeDefined();
  expect(composer.isConnected).toBe(true);
  screen.getByRole("button", { name: "Sign in" }).click();
  expect(signIn).toHaveBeenCalledOnce();
  set(true);
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(screen.getByLabelText<HTMLTextAreaElement>("composer").value).toBe("half a sentence");
});
