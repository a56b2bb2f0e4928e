import { useRef, useState } from "react";
import { useApi } from "~/api/context";
import type { Channel, FilledTemplate, TemplateDetail } from "~/api/types";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { useToasts } from "~/ui/toasts";
import { kindName } from "../../files/FileNotice";
import { mimeOf } from "../files/check-file";
import { putFile } from "../files/put-file";
import { upload } from "../files/use-tray";
import { t } from "../text";
import { type Entered, filled, type Gap, gapsOf, isComplete, nothingEntered, valueOf, withValue } from "./fill";
import { TemplatePreview } from "./TemplatePreview";

interface TemplateFormProps {
  template: TemplateDetail;
  channel: Channel;
  onBack(): void;
  onSend(template: FilledTemplate): void;
}

/** Every gap of a template with a field of its own, and beside them what the customer will get. */
export function TemplateForm({ template, channel, onBack, onSend }: TemplateFormProps) {
  const [entered, setEntered] = useState(nothingEntered);
  const gaps = gapsOf(template);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete(template, entered)) onSend(filled(template, entered));
      }}
    >
      <div className="grid gap-4 md:grid-cols-2">
        <div className="flex flex-col gap-3">
          <p className="font-medium">
            {template.name} · {template.language}
          </p>
          {template.header?.file && (
            <HeaderFile
              kind={template.header.file}
              channel={channel}
              file={entered.file}
              onFile={(file) => setEntered({ ...entered, file })}
            />
          )}
          {gaps.map((gap) => (
            <TextField
              key={`${gap.part} ${gap.name}`}
              label={labelOf(gap, template)}
              hint={gap.context}
              required
              value={valueOf(entered, gap)}
              onChange={(event) => setEntered(withValue(entered, gap, event.target.value))}
            />
          ))}
        </div>
        <section aria-label={t("template.preview")}>
          <h3 className="mb-1 text-chip font-medium">{t("template.preview")}</h3>
          <TemplatePreview template={template} entered={entered} />
        </section>
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>{t("template.back")}</Button>
        <Button type="submit" variant="primary" disabled={!isComplete(template, entered)}>
          {t("reply.send")}
        </Button>
      </div>
    </form>
  );
}

function labelOf({ part, name }: Gap, template: TemplateDetail): string {
  if (part === "button") return t("template.gap.button", { name: template.buttons?.[Number(name)]?.text ?? name });
  return t(`template.gap.${part}`, { name: `{{${name}}}` });
}

interface HeaderFileProps {
  kind: string;
  channel: Channel;
  file: Entered["file"];
  onFile(file: Entered["file"]): void;
}

function HeaderFile({ kind, channel, file, onFile }: HeaderFileProps) {
  const api = useApi();
  const { failure, show } = useToasts();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const limit = channel.media.find((each) => each.kind === kind);
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (limit && chosen.size > limit.max_bytes) {
      show({ text: t("files.refused", { name: chosen.name }), tone: "bad" });
      return;
    }
    setBusy(true);
    try {
      const place = await upload(api, chosen);
      await putFile(place, chosen, () => undefined, new AbortController().signal);
      onFile({ key: place.key, name: chosen.name, mime: mimeOf(chosen), kind, bytes: chosen.size });
    } catch (error) {
      failure(error, t("files.failed"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-1">
      <span className="text-chip font-medium">{t("template.file", { kind: kindName(kind) })}</span>
      <input
        ref={input}
        type="file"
        hidden
        accept={limit?.types?.join(",")}
        onChange={(event) => void choose(event.target.files?.[0])}
      />
      <Button busy={busy} onClick={() => input.current?.click()}>
        {busy ? t("template.fileUploading") : (file?.name ?? t("template.choose"))}
      </Button>
    </div>
  );
}
