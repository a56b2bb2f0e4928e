import { Field } from "./Field";
import { Icon, IconButton } from "./Icon";
import { QuoteLine } from "./QuoteLine";
import { TrayList } from "./TrayList";
import type { Viewed } from "./view";

/** Where the visitor writes. */
export function Composer({ view }: Viewed) {
  const { chat, state, composition, draft, t } = view;
  const { text, reply_to } = draft;
  const over = [...text].length - (state.settings?.limits.text ?? Infinity);
  const ready = composition.isReady() && over <= 0;
  const send = (event: Event) => {
    event.preventDefault();
    if (ready) for (const message of composition.take()) chat.send(message);
  };
  return (
    <form class="composer" onSubmit={send}>
      {reply_to && (
        <div class="quoting">
          <QuoteLine view={view} id={reply_to} />
          <IconButton icon="close" size={16} name={t("quote.remove")} onClick={() => composition.quote(undefined)} />
        </div>
      )}
      <TrayList view={view} />
      {over > 0 && (
        <p class="bad" role="status">
          {t("left", { n: over })}
        </p>
      )}
      <div class="fields">
        <AttachButton view={view} />
        <Field view={view} onEnter={send} />
        <button type="submit" class="icon send" aria-label={t("send")} title={t("send")} disabled={!ready}>
          <Icon name="send" size={20} />
        </button>
      </div>
    </form>
  );
}

function AttachButton({ view: { state, composition, t } }: Viewed) {
  const limits = state.settings?.limits;
  if (!limits?.media.length) return null;
  const onChange = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    composition.attach(input.files ?? [], limits);
    input.value = "";
  };
  const choose = (event: Event) => {
    const input = (event.currentTarget as Element).previousElementSibling as HTMLInputElement;
    input.click();
  };
  return (
    <>
      <input type="file" multiple hidden onChange={onChange} />
      <IconButton icon="clip" size={20} name={t("attach")} onClick={choose} />
    </>
  );
}
