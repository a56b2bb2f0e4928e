import type { NewMessage } from "~/api/types";
import { t } from "../../text";

type Offered = NonNullable<NewMessage["choices"]>;

/** What the customer was offered to pick from. What they picked comes as a message of theirs. */
export function Choices({ choices }: { choices: Offered }) {
  return (
    <ul aria-label={t("choices.label")} className="mt-1 flex flex-col gap-1">
      {choices.options.map(({ id, title, description }) => (
        <li key={id} className="rounded-control border border-line bg-surface px-2 py-1">
          <span dir="auto">{title}</span>
          {description && <span className="block text-meta text-text-3">{description}</span>}
        </li>
      ))}
    </ul>
  );
}
