import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useContact } from "~/api/queries";
import type { ContactDetail, Conversation } from "~/api/types";
import { conversationName } from "~/i18n/names";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/IconButton";
import { returnFocus } from "~/ui/return-focus";
import { Skeleton } from "~/ui/Skeleton";
import { ContactFields } from "./ContactFields";
import { EraseButton } from "./EraseButton";
import { History } from "./History";
import { Identities } from "./Identities";
import { MergeButton } from "./MergeButton";
import { OtherConversations } from "./OtherConversations";
import { Ownership } from "./Ownership";
import { t } from "./text";

interface ContactPanelProps {
  conversation: Conversation;
  /** There is room beside the conversation; otherwise the panel lies over it. */
  beside: boolean;
  onClose(): void;
}

/** Everything about the customer, beside what they say. */
export function ContactPanel({ conversation, beside, onClose }: ContactPanelProps) {
  if (beside) {
    return (
      <aside
        data-pane="panel"
        aria-label={t("panel.label")}
        className="flex w-80 shrink-0 flex-col overflow-y-auto border-s border-line bg-surface"
      >
        <Content conversation={conversation} />
      </aside>
    );
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className="fixed inset-y-0 end-0 z-30 flex w-96 max-w-full flex-col overflow-y-auto bg-surface shadow-overlay"
        >
          <div className="flex items-center justify-between border-b border-line px-4 py-2">
            <Dialog.Title className="text-title font-semibold">{t("panel.label")}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton icon={X} label={t("panel.close")} />
            </Dialog.Close>
          </div>
          <Content conversation={conversation} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Content({ conversation }: { conversation: Conversation }) {
  const { contact } = conversation;
  return (
    <>
      <div className="flex items-center gap-3 p-4">
        <Avatar name={conversationName(conversation)} channel={conversation.channel} size={40} />
        <h2 dir="auto" className="min-w-0 text-title font-semibold break-words">
          {conversationName(conversation)}
        </h2>
      </div>
      {contact ? (
        <Customer id={contact.id} conversation={conversation} />
      ) : (
        <p className="px-4 pb-4 text-text-2">{t("panel.group")}</p>
      )}
      {!contact && <Ownership conversation={conversation} />}
    </>
  );
}

function Customer({ id, conversation }: { id: string; conversation: Conversation }) {
  const { data, isError } = useContact(id);
  if (isError && !data) return <p className="px-4 text-bad">{t("panel.failed")}</p>;
  if (!data) return <Skeleton className="mx-4 h-48" />;
  return <Details contact={data} conversation={conversation} />;
}

function Details({ contact, conversation }: { contact: ContactDetail; conversation: Conversation }) {
  const others = contact.conversations.filter(({ id }) => id !== conversation.id);
  return (
    <>
      <OtherConversations conversations={others} />
      <ContactFields contact={contact} />
      <Identities identities={contact.identities} />
      <Ownership conversation={conversation} />
      <History conversations={others} />
      <div className="px-4 pb-4">
        <MergeButton contact={contact} />
        <EraseButton contact={contact} />
      </div>
    </>
  );
}
