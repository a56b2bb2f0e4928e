/** What a subscription can choose from: families, and the events in them. */
export const eventTypes = [
  "message.created",
  "message.updated",
  "message.merged",
  "conversation.created",
  "conversation.updated",
  "conversation.merged",
  "conversation.erased",
  "event.created",
  "contact.erased",
  "subscription.disabled",
] as const;
