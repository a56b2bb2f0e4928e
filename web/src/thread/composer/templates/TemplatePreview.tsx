import type { TemplateDetail } from "~/api/types";
import { kindName } from "../../files/FileNotice";
import { MessageText } from "../../formatting/MessageText";
import { type Entered, preview } from "./fill";

/** A template as the customer will see it, with what is missing still in it. */
export function TemplatePreview({ template, entered }: { template: TemplateDetail; entered: Entered }) {
  const { header, body, footer, buttons = [] } = template;
  return (
    <div className="flex flex-col gap-1 rounded-bubble bg-outgoing px-3 py-2">
      {header?.file && <p className="text-text-2">{entered.file?.name ?? kindName(header.file)}</p>}
      {header && !header.file && <p className="font-semibold break-words">{preview(header, entered.header)}</p>}
      <MessageText text={preview(body, entered.body)} marked />
      {footer && <p className="text-meta text-text-3">{footer}</p>}
      {buttons.map((button) => (
        <p key={button.text} className="rounded-control border border-line bg-surface px-2 py-1 text-center text-link">
          {button.text}
        </p>
      ))}
    </div>
  );
}
