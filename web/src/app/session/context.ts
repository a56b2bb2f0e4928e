import { createContext, useContext, useSyncExternalStore } from "react";
import type { Session } from "./session";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside of SessionContext");
  return session;
}

/** Whether somebody is signed in; follows the other tabs. */
export function useSignedIn(): boolean {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.signedIn);
}
