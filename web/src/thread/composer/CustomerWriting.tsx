import { useCustomerWriting } from "~/api/realtime";
import { conversationName } from "~/i18n/names";
import { useThread } from "../context";
import { t } from "./text";

/** That the customer is writing at the moment, between what was said and where the agent answers. */
export function CustomerWriting() {
  const { conversation } = useThread();
  if (!useCustomerWriting(conversation.id)) return null;
  return (
    <p className="px-3 py-1 text-chip text-text-3">{t("customer.writing", { name: conversationName(conversation) })}</p>
  );
}
