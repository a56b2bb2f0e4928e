import { Dialog } from "~/ui/Dialog";
import { Kbd } from "~/ui/Kbd";
import { usePreferences } from "../preferences";
import { shownKeys } from "../shortcuts";
import { t } from "../text";
import { keyGroups } from "./key-list";

/** Every key, on one page. */
export function KeysDialog({ onClose }: { onClose(): void }) {
  const [preferences] = usePreferences();
  return (
    <Dialog
      wide
      open
      onOpenChange={onClose}
      title={t("keys.title")}
      description={preferences.keyboard ? undefined : t("keys.off")}
    >
      <div className="grid gap-6 sm:grid-cols-2">
        {keyGroups.map(({ name, keys }) => (
          <section key={name} aria-label={t(name)}>
            <h3 className="mb-2 font-semibold">{t(name)}</h3>
            <dl className="flex flex-col gap-1">
              {keys.map(([shortcuts, meaning]) => (
                <div key={meaning} className="flex items-center justify-between gap-4">
                  <dt>{t(meaning)}</dt>
                  <dd className="flex gap-2">
                    {shortcuts.map((shortcut) => (
                      <Keys key={shortcut} shortcut={shortcut} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ shortcut }: { shortcut: string }) {
  return (
    <span className="flex items-center gap-1">
      {shownKeys(shortcut).map((key, index) => (
        <span key={key} className="flex items-center gap-1">
          {index > 0 && shortcut.includes(" ") && <span className="text-meta text-text-3">{t("keys.then")}</span>}
          <Kbd>{key}</Kbd>
        </span>
      ))}
    </span>
  );
}
