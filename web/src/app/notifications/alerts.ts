import type { Conversation, FeedChange } from "~/api/types";
import type { Preferences } from "../preferences";

/** Something that an agent may want to hear of. */
export interface Alert {
  kind: "message" | "assigned";
  conversation: Conversation;
  text: string;
  /** Unique, so that one thing is told once however many tabs are open. */
  id: string;
}

export interface AlertContext {
  me: string;
  preferences: Preferences;
  /** Who had the conversation before, as far as this page knows; undefined: it does not. */
  assigneeBefore(id: string): string | null | undefined;
  /** The agent did it themselves. */
  isOwn(id: string): boolean;
}

/** Which of the changes an agent wants to hear of, by their preferences. */
export function alertsOf(changes: FeedChange[], context: AlertContext): Alert[] {
  const alerts = new Map<string, Alert>();
  for (const change of changes) {
    const alert = messageAlert(change, context) ?? assignmentAlert(change, context);
    if (alert) alerts.set(alert.id, alert);
  }
  return [...alerts.values()];
}

function messageAlert({ kind, conversation, message }: FeedChange, context: AlertContext): Alert | null {
  if (kind !== "message.created" || !conversation || message?.direction !== "in" || message.history) return null;
  if (!wantsMessages(conversation, context)) return null;
  return { kind: "message", conversation, text: message.text, id: `message:${message.id}` };
}

function wantsMessages({ assignee }: Conversation, { me, preferences }: AlertContext): boolean {
  if (assignee === null) return preferences.notifyUnassigned;
  return assignee.id === me ? preferences.notifyMine : preferences.notifyOthers;
}

function assignmentAlert({ kind, conversation, at }: FeedChange, context: AlertContext): Alert | null {
  if (kind !== "conversation.updated" || !context.preferences.notifyAssigned) return null;
  if (conversation?.assignee?.id !== context.me || context.isOwn(conversation.id)) return null;
  const before = context.assigneeBefore(conversation.id);
  // A conversation that nobody here has seen may have been this agent's all along, and be told of because of a message.
  const isNews = before === undefined ? !isAbout(conversation.last_message_at, at) : before !== context.me;
  if (!isNews) return null;
  return {
    kind: "assigned",
    conversation,
    text: conversation.last_message?.text ?? "",
    id: `assigned:${conversation.id}:${at}`,
  };
}

const isAbout = (time: string | null, at: string): boolean =>
  time !== null && Math.abs(Date.parse(time) - Date.parse(at)) < 5_000;
