import { X } from "lucide-react";
import { type Ref, useEffect, useImperativeHandle, useState } from "react";
import type { Channel, Message, NewMessage } from "~/api/types";
import { useDrafts } from "~/drafts/context";
import { useNow } from "~/i18n/clock";
import { Button } from "~/ui/Button";
import { ConfirmDialog } from "~/ui/Dialog";
import { IconButton } from "~/ui/IconButton";
import { Skeleton } from "~/ui/Skeleton";
import { useThread } from "../context";
import { summaryOf } from "../message/QuoteLine";
import { bodiesOf, canCaption } from "./bodies";
import { gapsIn } from "./canned/fill";
import { Counter } from "./Counter";
import { Editor, type EditorHandle } from "./Editor";
import { FileTray } from "./FileTray";
import { useTray } from "./files/use-tray";
import { ReplyTools } from "./ReplyTools";
import { t } from "./text";
import { useAttach } from "./use-attach";
import { useSend } from "./use-send";
import { useTyping } from "./use-typing";
import { windowOf } from "./window";
import { WindowCard } from "./WindowCard";

interface ReplyComposerProps {
  ref: React.RefObject<EditorHandle | null>;
  /** Where the pane's own drops and pastes go. */
  attach: Ref<(files: File[]) => void>;
  latestOfOthers: Message | null;
  messageOf(id: string): Message | undefined;
  onTemplate(): void;
  onSent(): void;
  onLeave(): void;
}

/** An answer to the customer, within what the channel takes and what is allowed now. */
export function ReplyComposer(props: ReplyComposerProps) {
  const { conversation, channel } = useThread();
  const now = useNow();
  if (!channel) return <Skeleton className="m-3 h-14" />;
  const window = windowOf(conversation, channel, now);
  const answerable = window.state === "open" || window.tag !== null;
  return (
    <>
      <WindowCard window={window} channel={channel} onTemplate={props.onTemplate} />
      {answerable && (
        <Reply {...props} channel={channel} tag={window.state === "closed" ? window.tag?.name : undefined} />
      )}
    </>
  );
}

function Reply({
  ref,
  attach,
  channel,
  tag,
  latestOfOthers,
  messageOf,
  onTemplate,
  onSent,
  onLeave,
}: ReplyComposerProps & { channel: Channel; tag?: string }) {
  const { conversation } = useThread();
  const { id } = conversation;
  const drafts = useDrafts();
  const [draft, setDraft] = useState(() => drafts.get(id, "reply"));
  // What waits for the agent to say that it is still to be sent.
  const [held, setHeld] = useState<(() => void) | null>(null);
  const [tray, files] = useTray(id);
  const add = useAttach(tray);
  const typing = useTyping(id);
  const send = useSend(onSent);
  useImperativeHandle(attach, () => add);
  // Answering a message is chosen in the timeline: of the draft it is all that others change.
  useEffect(
    () =>
      drafts.subscribe(() => {
        const { replyTo } = drafts.get(id, "reply");
        setDraft((shown) => (shown.replyTo === replyTo ? shown : { ...shown, replyTo }));
      }),
    [drafts, id],
  );

  const write = (changes: Partial<typeof draft>) => {
    const next = { ...draft, ...changes };
    // From here on the agent may not have seen what a colleague answers.
    next.after = next.text === "" ? undefined : (draft.after ?? latestOfOthers?.at ?? "");
    setDraft(next);
    drafts.set(id, "reply", next);
  };
  const { text, replyTo } = draft;
  const gaps = gapsIn(text);
  const uploading = files.some((file) => file.state !== "ready");
  const empty = text.trim() === "" && files.length === 0;
  const blocked = empty || uploading || gaps.length > 0;
  const answered =
    draft.after !== undefined && latestOfOthers !== null && latestOfOthers.at > draft.after ? latestOfOthers : null;

  const guarded = (go: () => void) => (answered ? setHeld(() => go) : go());
  const ask = () => {
    if (blocked) return;
    guarded(() => {
      send(bodiesOf(channel, { text, files: tray.take(), replyTo, tag }));
      setDraft({ text: "" });
      drafts.clear(id, "reply");
      ref.current?.focus();
    });
  };
  // Choices take the text as their question; a place and a card leave it where it is.
  const offer = (body: NewMessage) =>
    guarded(() => {
      send([{ ...body, ...(replyTo && { reply_to: replyTo }), ...(tag && { tag }) }]);
      write({ replyTo: undefined, ...(body.text !== undefined && { text: "" }) });
    });
  // A caption has a limit of its own; one that is too long goes as a message.
  const caption = files.some((file) => canCaption(channel, file.kind, text)) ? channel.sends.caption : channel.text;

  return (
    <>
      {replyTo && <Answering message={messageOf(replyTo)} onClear={() => write({ replyTo: undefined })} />}
      <FileTray tray={tray} files={files} />
      <Editor
        ref={ref}
        mode="reply"
        text={text}
        invalid={gaps.length > 0}
        describedBy="reply-state"
        onChange={(next) => {
          write({ text: next });
          if (next) typing();
        }}
        onMention={() => undefined}
        onSend={ask}
        onFiles={add}
        onLeave={onLeave}
      />
      <div className="flex items-center gap-1 px-2 pb-2">
        <ReplyTools
          channel={channel}
          text={text}
          onFiles={add}
          onEmoji={(emoji) => ref.current?.insert(emoji)}
          onTemplate={onTemplate}
          onExtra={offer}
        />
        <span id="reply-state" className="min-w-0 flex-1 text-end">
          {gaps.length > 0 ? (
            <span className="text-meta font-medium text-warn">
              {t("gaps.left", { n: gaps.length, gaps: gaps.join(" ") })}
            </span>
          ) : (
            <Counter limit={caption} text={text} divided />
          )}
        </span>
        <Button variant="primary" disabled={blocked} onClick={ask}>
          {t("reply.send")}
        </Button>
      </div>
      <ConfirmDialog
        open={held !== null}
        onOpenChange={() => setHeld(null)}
        title={t("conflict.title", { name: answered?.author?.name ?? t("conflict.colleague") })}
        body={
          <div className="flex flex-col gap-2">
            <p>{t("conflict.body")}</p>
            {answered && <blockquote className="border-s-2 border-accent ps-2">{summaryOf(answered)}</blockquote>}
          </div>
        }
        action={t("conflict.send")}
        onConfirm={() => held?.()}
      />
    </>
  );
}

function Answering({ message, onClear }: { message: Message | undefined; onClear(): void }) {
  return (
    <div className="mx-3 mt-2 flex items-center gap-2 border-s-2 border-accent bg-raised ps-2">
      <p className="min-w-0 flex-1 truncate text-chip text-text-2">
        {t("reply.to")} {message ? summaryOf(message) : t("reply.toOne")}
      </p>
      <IconButton icon={X} label={t("reply.toNone")} onClick={onClear} />
    </div>
  );
}
