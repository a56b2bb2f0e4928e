import { useMutation } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useRef, useState } from "react";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/IconButton";
import { type EventKind, sendEvent, type SimulatedChannel } from "./backend";
import { type Intent, PhoneComposer } from "./PhoneComposer";
import { PhoneMessages } from "./PhoneMessages";
import { t } from "./text";
import { useChat } from "./use-chat";

interface PhoneProps {
  id: string;
  channels: SimulatedChannel[];
  onClose(): void;
}

/** One customer's chat with the company, as their app shows it. */
export function Phone({ id, channels, onClose }: PhoneProps) {
  const state = useChat(id);
  const [intent, setIntent] = useState<Intent | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const send = useMutation({ mutationFn: sendEvent });
  // What takes words waits for them; the rest goes at once.
  const intend = (next: Intent | null) => {
    if (next && !next.kind.text) return send.mutate({ chat: id, kind: next.kind.name, target: next.target });
    setIntent(next);
    field.current?.focus();
  };
  const say = (text: string) => {
    send.mutate({ chat: id, kind: intent?.kind.name, target: intent?.target, text: text || undefined });
    setIntent(null);
  };
  const chat = state.chat;
  const channel = channels.find((each) => each.name === chat?.channel);
  const kinds: EventKind[] = channel?.kinds ?? [];
  const picking = kinds.find((kind) => kind.choice);
  const pick =
    picking && ((target: string, choice: string) => send.mutate({ chat: id, kind: picking.name, target, choice }));
  const name = chat?.customer.name ?? "";
  return (
    <section
      aria-label={t("phone.label", { name })}
      className="flex w-96 max-w-full shrink-0 flex-col overflow-hidden rounded-bubble border border-line bg-surface"
    >
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-3">
        <Avatar name={name} channel={chat?.channel} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">{name}</h2>
          {channel && chat && (
            <p className="truncate text-meta text-text-3">
              {t("phone.account", { channel: channel.title, account: chat.account })}
            </p>
          )}
        </div>
        <IconButton icon={X} label={t("phone.close", { name })} onClick={onClose} />
      </header>
      {state.error && (
        <p role="alert" className="bg-bad-soft px-3 py-1 text-chip text-bad">
          {state.error}
        </p>
      )}
      <PhoneMessages state={state} kinds={kinds.filter((kind) => kind.earlier)} onIntent={intend} onPick={pick} />
      <PhoneComposer
        name={name}
        kinds={kinds.filter((kind) => !kind.earlier)}
        intent={intent}
        onIntent={intend}
        onSend={say}
        error={send.error?.message}
        field={field}
      />
    </section>
  );
}
