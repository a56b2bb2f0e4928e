import type { Choice } from "../chat/protocol";
import type { Viewed } from "./view";

interface ChoiceButtonsProps extends Viewed {
  choices: readonly Choice[];
  /** The message that offers them. */
  reply_to?: string;
}

export function ChoiceButtons({ view, choices, reply_to }: ChoiceButtonsProps) {
  return (
    <div class="choices">
      {choices.map(({ id, title, description }) => (
        <button key={id} type="button" dir="auto" onClick={() => view.chat.send({ choice: { id, title }, reply_to })}>
          {title}
          {description && <small>{description}</small>}
        </button>
      ))}
    </div>
  );
}
