import { fileSize } from "~/i18n/format";
import { Icon, IconButton } from "./Icon";
import type { Viewed } from "./view";

/** The files that will go with the message, and what became of those that will not. */
export function TrayList({ view }: Viewed) {
  const { composition, draft, t, language } = view;
  const remove = (name: string, onClick: () => void) => (
    <IconButton icon="close" size={14} name={t("remove", { name })} onClick={onClick} />
  );
  return (
    <>
      <ul class="tray">
        {draft.files.map(({ token, name, bytes }) => (
          <li key={token}>
            <Icon name="clip" size={14} />
            <span dir="auto">{name}</span>
            <small>{fileSize(bytes, language)}</small>
            {remove(name, () => composition.removeFile(token))}
          </li>
        ))}
        {composition.uploads().map(({ id, file: { name }, state, progress }) => (
          <li key={id}>
            {state === "failed" ? (
              <IconButton icon="again" size={14} name={t("again")} onClick={() => composition.retryUpload(id)} />
            ) : (
              <Icon name="wait" size={14} />
            )}
            <span dir="auto">{name}</span>
            {state === "failed" ? (
              <small class="bad" role="alert">
                {t("file.failed", { name })}
              </small>
            ) : (
              <progress value={progress} aria-label={t("uploading", { name })} />
            )}
            {remove(name, () => composition.removeUpload(id))}
          </li>
        ))}
      </ul>
      <WhyRefused view={view} />
    </>
  );
}

function WhyRefused({ view: { composition, t, language } }: Viewed) {
  if (!composition.refused) return null;
  const { name, why } = composition.refused;
  const max = why.why === "size" ? fileSize(why.max, language) : "";
  const key = why.why === "none" ? "type" : why.why;
  return (
    <p class="bad" role="alert">
      {t(`file.${key}`, { name, max })}
    </p>
  );
}
