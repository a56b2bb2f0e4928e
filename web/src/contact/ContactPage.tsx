import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft, UserRoundX } from "lucide-react";
import { useContact } from "~/api/queries";
import { t as core } from "~/i18n";
import { contactName } from "~/i18n/names";
import { Avatar } from "~/ui/Avatar";
import { EmptyState } from "~/ui/EmptyState";
import { Skeleton } from "~/ui/Skeleton";
import { ContactFields } from "./ContactFields";
import { History } from "./History";
import { Identities } from "./Identities";
import { MergeButton } from "./MergeButton";
import { t } from "./text";

/** One customer, without a conversation beside them. */
export function ContactPage() {
  const { contactId } = useParams({ from: "/shell/contacts/$contactId" });
  const { data, isError } = useContact(contactId);
  if (isError && !data) return <EmptyState icon={UserRoundX} title={t("contacts.gone")} alert />;
  if (!data) return <Skeleton className="m-4 h-64" />;
  return (
    <article aria-label={contactName(data)} className="mx-auto flex max-w-2xl flex-col py-2">
      <Link to="/contacts" className="px-4 py-2 md:hidden">
        <ArrowLeft aria-hidden size={14} className="inline" /> {core("common.back")}
      </Link>
      <div className="flex items-center gap-3 p-4">
        <Avatar name={contactName(data)} size={40} />
        <h2 dir="auto" className="min-w-0 text-page font-semibold break-words">
          {contactName(data)}
        </h2>
      </div>
      <ContactFields contact={data} />
      <Identities identities={data.identities} />
      <History conversations={data.conversations} />
      <div className="max-w-80 px-4 pb-4">
        <MergeButton contact={data} />
      </div>
    </article>
  );
}
