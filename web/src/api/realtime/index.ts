export { useConnection, useFeed, usePresences } from "./context";
export { registerFold } from "./folds";
export { putConversations } from "./fold-conversations";
