import { useParams } from "@tanstack/react-router";
import { useConversation } from "~/api/queries";

export function ConversationPane() {
  const { conversationId } = useParams({ from: "/shell/inbox/$view/$conversationId" });
  const { data } = useConversation(conversationId);
  return <section className="flex-1">{data?.contact?.name}</section>;
}
