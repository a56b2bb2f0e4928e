import { useMe } from "~/api/queries";
import { fill, pieces, type variables } from "~/thread/composer/canned/fill";
import { t } from "../text";

/** Somebody who does not exist, for the gaps that a conversation fills. */
const example: Record<(typeof variables)[number], string> = {
  "contact.name": "Maria Lopez",
  "contact.first_name": "Maria",
  "contact.username": "maria.lopez",
  "contact.phone": "+34 600 000 001",
  "agent.name": "",
  "agent.first_name": "",
  "account.name": "Omni Shop",
};

/** A canned reply with its gaps filled; those that nothing fills stand out. */
export function Preview({ text }: { text: string }) {
  const { data: me } = useMe();
  if (text.trim() === "") return null;
  const agent = me?.name ?? "";
  const values = { ...example, "agent.name": agent, "agent.first_name": agent.split(" ")[0] };
  return (
    <figure>
      <figcaption className="text-chip font-medium">{t("canned.preview")}</figcaption>
      <p className="mt-1 w-fit max-w-lg rounded-bubble bg-outgoing px-3 py-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {pieces(fill(text, values)).map((piece, i) =>
          piece.gap ? (
            <mark key={i} className="bg-warn-soft text-warn" title={t("canned.previewMissing", { gap: piece.text })}>
              {piece.text}
            </mark>
          ) : (
            <span key={i}>{piece.text}</span>
          ),
        )}
      </p>
    </figure>
  );
}
