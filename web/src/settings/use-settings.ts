import { type Preferences, usePreferences } from "~/app/preferences";
import { useToasts } from "~/ui/toasts";
import { t } from "./text";

/** The preferences, and a change of some that tells when it was not saved. */
export function useSettings(): [Preferences, (changes: Partial<Preferences>) => void] {
  const [preferences, change] = usePreferences();
  const toasts = useToasts();
  return [preferences, (changes) => void change(changes).catch((error: unknown) => toasts.failure(error, t("failed")))];
}
