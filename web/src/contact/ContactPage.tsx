import { useParams } from "@tanstack/react-router";
import { useContact } from "~/api/queries";

export function ContactPage() {
  const { contactId } = useParams({ from: "/shell/contacts/$contactId" });
  const { data } = useContact(contactId);
  return <section>{data?.name}</section>;
}
