import { fileSize } from "~/i18n/format";
import { Badge } from "~/ui/Badge";
import type { SentContent } from "./backend";
import type { Shown } from "./entries";
import { kindName } from "./kind-name";
import { t } from "./text";

interface BodyProps {
  message: Shown;
  /** Picks one of the choices; missing where the platform cannot tell of it. */
  onPick?(choice: string): void;
}

/** What a message says: its words, and what came with them. */
export function MessageBody({ message, onPick }: BodyProps) {
  const { entry, quoted, text, deleted } = message;
  if (deleted) return <p className="text-text-3 italic">{t("entry.deleted")}</p>;
  return (
    <>
      {quoted && <p className="mb-1 truncate border-l-2 border-control pl-2 text-chip text-text-2">{quoted.text}</p>}
      {entry.kind !== "text" && <Badge className="mb-1">{kindName(entry.kind)}</Badge>}
      {text && (
        <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {text}
        </p>
      )}
      {entry.content && <Extras content={entry.content} onPick={onPick} />}
    </>
  );
}

function Extras({ content, onPick }: { content: SentContent; onPick?: BodyProps["onPick"] }) {
  const { file, choices, place, card } = content;
  return (
    <>
      {file && (
        <p className="text-chip text-text-2">
          {[file.name, file.mime, fileSize(file.bytes)].filter(Boolean).join(" · ")}
        </p>
      )}
      {place && (
        <p className="text-chip text-text-2">
          {[place.address, `${place.latitude}, ${place.longitude}`].filter(Boolean).join(" · ")}
        </p>
      )}
      {card && <p className="text-chip text-text-2">{card.phones?.join(" · ")}</p>}
      {choices && (
        <ul className="mt-2 flex flex-col gap-1">
          {choices.options.map((option) => (
            <li key={option.id}>
              <button
                type="button"
                disabled={!onPick}
                onClick={() => onPick?.(option.id)}
                className="w-full rounded-control border border-control px-2 py-1 text-center hover:bg-raised"
              >
                {option.title}
                {option.description && <span className="block text-meta text-text-3">{option.description}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
