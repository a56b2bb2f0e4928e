import { useMemo } from "react";
import type { EventKind } from "./backend";
import { shown } from "./entries";
import type { Intent } from "./PhoneComposer";
import { PhoneMessage } from "./PhoneMessage";
import { t } from "./text";
import type { ChatState } from "./use-chat";

interface MessagesProps {
  state: ChatState;
  /** What can be done with an earlier message. */
  kinds: EventKind[];
  onIntent(intent: Intent): void;
  /** Picks one of the choices under a message; missing where the platform cannot tell of it. */
  onPick?(target: string, choice: string): void;
}

export function PhoneMessages({ state, kinds, onIntent, onPick }: MessagesProps) {
  const messages = useMemo(() => shown(state.entries), [state.entries]);
  const name = state.chat?.customer.name ?? "";
  return (
    <div
      role="log"
      aria-label={t("phone.messages", { name })}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard has to get there
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto bg-bg p-3"
    >
      {state.chat && messages.length === 0 && <p className="m-auto text-text-2">{t("phone.empty")}</p>}
      {messages.map((message) => (
        <PhoneMessage
          key={message.entry.id}
          message={message}
          name={name}
          kinds={kinds}
          readHere={message.entry.id === state.readUntil}
          onIntent={(kind) => onIntent({ kind, target: message.entry.id })}
          onPick={onPick && ((choice) => onPick(message.entry.id, choice))}
        />
      ))}
      {state.typing && <p className="text-chip text-text-2 italic">{t("phone.typing")}</p>}
      <div key={`${messages.at(-1)?.entry.id} ${state.typing}`} ref={showEnd} />
    </div>
  );
}

/** Another end of the chat is another element, and is scrolled to when it is there. */
const showEnd = (end: HTMLElement | null) => end?.scrollIntoView({ block: "nearest" });
