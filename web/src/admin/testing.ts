import { createFakeServer } from "~/api/fake/server";
import { anAgent, anId } from "~/api/fake/objects";
import type { FakeState } from "~/api/fake/server";

/** A server on which an administrator is signed in. */
export function adminServer(given: Partial<FakeState> = {}) {
  const me = { ...anAgent({ id: anId(2), role: "admin" }), preferences: {} };
  return createFakeServer({ me, agents: [me], ...given });
}
