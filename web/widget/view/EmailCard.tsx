import type { Viewed } from "./view";

/** Asks where an answer may go that the visitor does not wait for. */
export function EmailCard({ view: { chat, screen, t, show } }: Viewed) {
  const wrong = screen.wrongEmail;
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const input = (event.currentTarget as HTMLFormElement).elements[0] as HTMLInputElement;
    if (input.validity.valid) return chat.leaveEmail(input.value.trim());
    show({ wrongEmail: true });
    input.focus();
  };
  return (
    <form class="email" noValidate onSubmit={onSubmit}>
      <p>{t("email.ask")}</p>
      <input
        type="email"
        autoComplete="email"
        required
        dir="ltr"
        aria-label={t("email.label")}
        placeholder={t("email.label")}
        aria-invalid={wrong}
        aria-describedby={wrong && "wrong"}
      />
      {wrong && (
        <p id="wrong" class="bad" role="alert">
          {t("email.wrong")}
        </p>
      )}
      <button type="submit" class="primary">
        {t("email.save")}
      </button>
      <button type="button" class="plain" onClick={() => chat.leaveEmail(null)}>
        {t("email.no")}
      </button>
    </form>
  );
}
