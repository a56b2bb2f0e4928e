export { useConnection, useCustomerWriting, useFeed, usePresences } from "./context";
export { registerFold } from "./folds";
export { putConversations } from "./fold-conversations";
