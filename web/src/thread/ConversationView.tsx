import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { usePreferences } from "~/app/preferences";
import { useShortcuts } from "~/app/shortcuts";
import { useChannels, useMe } from "~/api/queries";
import type { Conversation, FilledTemplate, Message, TimelineItem } from "~/api/types";
import { ContactPanel } from "~/contact/ContactPanel";
import { useMediaQuery } from "~/browser/media-query";
import { useDrafts } from "~/drafts/context";
import { useEntries, useOutbox } from "~/outbox/context";
import { Composer, type ComposerHandle } from "./composer/Composer";
import { useViewing } from "./composer/use-typing";
import { type Thread, ThreadContext } from "./context";
import { DropTarget } from "./DropTarget";
import { ThreadHeader } from "./header/ThreadHeader";
import { conversationName } from "~/i18n/names";
import { t } from "./text";
import { lastArrived } from "./timeline/arrived";
import { idOf } from "./timeline/rows";
import { Timeline } from "./timeline/Timeline";
import { useAnnouncements } from "./timeline/use-announcements";
import { useJumps } from "./timeline/use-jumps";
import { useSentMessages } from "./timeline/use-sent";
import { useTimeline } from "./timeline/use-timeline";

const TemplateDialog = lazy(() => import("./composer/templates/TemplateDialog"));

interface ConversationViewProps {
  conversation: Conversation;
  /** The message that the address asks for. */
  message: string | null;
}

/** One conversation: its history, the composer, and the customer beside them. */
export function ConversationView({ conversation, message }: ConversationViewProps) {
  const { id } = conversation;
  const { around, jump, jumpTo, toLatest } = useJumps(message);
  const timeline = useTimeline(id, around);
  const entries = useEntries(id);
  const composer = useRef<ComposerHandle>(null);
  const [templates, setTemplates] = useState(false);
  const [preferences, change] = usePreferences();
  const outbox = useOutbox();
  const { items, refetch } = timeline;
  const seen = useMemo(() => lastArrived(items), [items]);
  const thread = useThreadOf(conversation, {
    seen,
    jumpTo: (wanted) => jumpTo(wanted, indexOfItem(items, wanted) >= 0),
    refresh: useCallback(() => void refetch(), [refetch]),
    onTemplate: () => setTemplates(true),
    onReply: () => composer.current?.write("reply"),
  });
  const { channel, me } = thread;
  const credentials = channel?.accounts.find((account) => account.id === conversation.account_id)?.credential_account;
  // Beside the conversation the panel stays as the agent left it; over it, it opens only when asked for.
  const beside = useMediaQuery("(min-width: 1280px)");
  const [over, setOver] = useState(false);
  const panelOpen = beside ? preferences.panelOpen : over;
  const togglePanel = () => {
    if (beside) change({ panelOpen: !panelOpen });
    else setOver(!over);
  };

  useViewing(id);
  useAnnouncements(conversation);
  useSentMessages(id, timeline.items);
  useShortcuts({
    r: () => composer.current?.write("reply"),
    n: () => composer.current?.write("note"),
    p: togglePanel,
  });

  const messageOf = useCallback((wanted: string) => messagesIn(items).find((each) => each.id === wanted), [items]);
  const latestOfOthers = useMemo(
    () =>
      messagesIn(items).find((each) => each.direction === "out" && each.author !== null && each.author.id !== me?.id) ??
      null,
    [items, me],
  );
  const sendTemplate = (template: FilledTemplate) => {
    setTemplates(false);
    outbox.add(id, { type: "message", body: { template, ...(seen && { read_up_to: seen }) } });
    toLatest();
  };

  return (
    <ThreadContext value={thread}>
      <section
        aria-label={t("pane.of", { name: conversationName(conversation) })}
        data-pane="thread"
        className="flex min-w-0 flex-1 flex-col border-s border-line"
      >
        <ThreadHeader panelOpen={panelOpen} onPanel={togglePanel} />
        <DropTarget onFiles={(files) => composer.current?.attach(files)}>
          <Timeline conversation={conversation} timeline={timeline} entries={entries} jump={jump} onLatest={toLatest} />
          <Composer
            ref={composer}
            latestOfOthers={latestOfOthers}
            messageOf={messageOf}
            onTemplate={() => setTemplates(true)}
            onSent={toLatest}
            onLeave={focusList}
          />
        </DropTarget>
      </section>
      {panelOpen && <ContactPanel conversation={conversation} beside={beside} onClose={togglePanel} />}
      {templates && channel && credentials !== undefined && (
        <Suspense>
          <TemplateDialog
            channel={channel}
            account={credentials}
            onSend={sendTemplate}
            onClose={() => setTemplates(false)}
          />
        </Suspense>
      )}
    </ThreadContext>
  );
}

const indexOfItem = (items: readonly TimelineItem[], id: string) => items.findIndex((item) => idOf(item) === id);

const messagesIn = (items: readonly TimelineItem[]): Message[] =>
  items.flatMap((item) => (item.type === "message" ? [item.message] : []));

/** Esc in the composer goes back to the list, where the arrows are. */
function focusList() {
  document.querySelector<HTMLElement>('[data-pane="list"] [tabindex="0"]')?.focus();
}

interface Hooks {
  seen: string | null;
  jumpTo(message: string): void;
  refresh(): void;
  onTemplate(): void;
  onReply(): void;
}

/** What the parts of the conversation share. */
function useThreadOf(conversation: Conversation, { seen, jumpTo, refresh, onTemplate, onReply }: Hooks): Thread {
  const { data: channels } = useChannels();
  const { data: me } = useMe();
  const outbox = useOutbox();
  const drafts = useDrafts();
  const navigate = useNavigate();
  const { id } = conversation;
  return {
    conversation,
    channel: channels?.find(({ name }) => name === conversation.channel),
    me,
    seen,
    jumpTo,
    refresh,
    replyTo(message) {
      drafts.setMode(id, "reply");
      drafts.set(id, "reply", { ...drafts.get(id, "reply"), replyTo: message.id });
      onReply();
    },
    react: (message, emoji) =>
      void outbox.add(id, { type: "message", body: { reaction: { emoji }, reply_to: message.id } }),
    fix(message, fix) {
      if (fix === "retry") outbox.add(id, { type: "retry", message: message.id });
      else if (fix === "template") onTemplate();
      else if (fix === "reconnect") void navigate({ to: "/admin/channels" });
      else if (fix === "tag" && message.text) {
        drafts.setMode(id, "reply");
        drafts.restore(id, "reply", { text: message.text });
        onReply();
      }
    },
  };
}
