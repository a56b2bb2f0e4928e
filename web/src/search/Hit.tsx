import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { SearchHit } from "~/api/types";
import { contactName, conversationName } from "~/i18n/names";
import { Avatar } from "~/ui/Avatar";
import { Time } from "~/ui/Time";

const look = "flex items-start gap-3 rounded-control px-3 py-2 text-text no-underline hover:bg-raised";

/** One result: a message leads to itself in its conversation, and the results are there again on the way back. */
export function Hit({ hit }: { hit: SearchHit }) {
  const { conversation, message, contact } = hit;
  if (conversation) {
    return (
      <Link
        to="/inbox/$view/$conversationId"
        params={{ view: "all", conversationId: conversation.id }}
        search={{
          ...(conversation.status === "open" ? {} : { status: conversation.status }),
          ...(message ? { message: message.id } : {}),
        }}
        className={look}
      >
        <Words
          name={conversationName(conversation)}
          channel={conversation.channel}
          at={message?.at ?? conversation.last_message_at}
        >
          <Snippet hit={hit} />
        </Words>
      </Link>
    );
  }
  if (!contact) return null;
  return (
    <Link to="/contacts/$contactId" params={{ contactId: contact.id }} className={look}>
      <Words name={contactName(contact)} at={null}>
        <Snippet hit={hit} />
      </Words>
    </Link>
  );
}

interface WordsProps {
  name: string;
  channel?: string;
  at: string | null;
  children: ReactNode;
}

function Words({ name, channel, at, children }: WordsProps) {
  return (
    <>
      <Avatar name={name} channel={channel} />
      <span className="min-w-0 flex-1">
        <span className="flex gap-2">
          <span dir="auto" className="min-w-0 flex-1 truncate font-medium">
            {name}
          </span>
          {at && <Time at={at} className="shrink-0 text-meta text-text-3" />}
        </span>
        <span dir="auto" className="line-clamp-2 text-text-2">
          {children}
        </span>
      </span>
    </>
  );
}

/** The text around what was found, with that marked. */
function Snippet({ hit }: { hit: SearchHit }) {
  return hit.snippet.map((part, n) =>
    part.match ? (
      // Parts of a snippet have no name but their place.
      // oxlint-disable-next-line react/no-array-index-key
      <mark key={n} className="rounded-sm bg-note text-text">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
