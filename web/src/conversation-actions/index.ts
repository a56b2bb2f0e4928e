export { AssignPicker } from "./AssignPicker";
export { type ConversationActions, ConversationActionsProvider, useConversationActions } from "./context";
export { LabelPicker } from "./LabelPicker";
export { conversationMenu } from "./menu";
export { SnoozeDialog } from "./SnoozeDialog";
