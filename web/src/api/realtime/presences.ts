import type { Presence, PresenceState } from "../types";

// A colleague who stops typing, or whose browser is gone, says nothing: what is not repeated is forgotten.
const typingFor = 6_000;
const viewingFor = 75_000;

interface Seen extends Presence {
  typingUntil: number;
  viewingUntil: number;
}

export interface Presences {
  note(presence: Presence, now?: number): void;
  of(conversation: string): Presence[];
  /** The conversations in which a colleague types, with who it is. */
  subscribe(listener: () => void): () => void;
  clear(): void;
}

const nobody: Presence[] = [];

/** Which colleagues look at or answer which conversation at the moment. */
export function createPresences(): Presences {
  const seen = new Map<string, Map<string, Seen>>();
  const shown = new Map<string, Presence[]>();
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const refresh = (now: number) => {
    shown.clear();
    let next = Infinity;
    for (const [conversation, agents] of seen) {
      for (const [id, agent] of agents) {
        if (agent.viewingUntil <= now) agents.delete(id);
        else next = Math.min(next, agent.typingUntil > now ? agent.typingUntil : agent.viewingUntil);
      }
      if (agents.size === 0) seen.delete(conversation);
      else
        shown.set(
          conversation,
          [...agents.values()].map((agent) => asShown(agent, now)),
        );
    }
    clearTimeout(timer);
    if (next < Infinity) timer = setTimeout(() => refresh(Date.now()), next - now + 10);
    listeners.forEach((listener) => listener());
  };

  return {
    note(presence, now = Date.now()) {
      const agents = seen.get(presence.conversation) ?? new Map<string, Seen>();
      if (presence.state === "left") agents.delete(presence.agent.id);
      else agents.set(presence.agent.id, seenAt(presence, now));
      seen.set(presence.conversation, agents);
      refresh(now);
    },
    of: (conversation) => shown.get(conversation) ?? nobody,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      seen.clear();
      refresh(Date.now());
    },
  };
}

const seenAt = (presence: Presence, now: number): Seen => ({
  ...presence,
  typingUntil: presence.state === "typing" ? now + typingFor : 0,
  viewingUntil: now + viewingFor,
});

const asShown = ({ conversation, agent, typingUntil }: Seen, now: number): Presence => {
  const state: PresenceState = typingUntil > now ? "typing" : "viewing";
  return { conversation, agent, state };
};
