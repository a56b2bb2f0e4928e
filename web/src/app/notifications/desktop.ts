import { conversationName } from "~/i18n/names";
import { t } from "../text";
import type { Alert } from "./alerts";

/** Whether the browser lets the page notify; "unsupported" on those that cannot. */
export const desktopPermission = (): NotificationPermission | "unsupported" =>
  typeof Notification === "undefined" ? "unsupported" : Notification.permission;

/** Asks the agent. Browsers demand that a touch of theirs leads here. */
export const askDesktopPermission = (): Promise<NotificationPermission> => Notification.requestPermission();

/** Shows a notification of the desktop. One per conversation: a second message takes the place of the first. */
export function showDesktop(alert: Alert, open: () => void): void {
  if (desktopPermission() !== "granted") return;
  const name = conversationName(alert.conversation);
  const title = alert.kind === "assigned" ? t("notify.assigned", { name }) : name;
  const body = alert.text || t("notify.media");
  try {
    const notification = new Notification(title, { body, tag: alert.conversation.id, icon: "/favicon.svg" });
    notification.addEventListener("click", () => {
      window.focus();
      notification.close();
      open();
    });
  } catch {
    // Phones have the name and refuse to make one outside of a service worker: the sound and the title have to do.
  }
}
