import { useNow } from "~/i18n/clock";
import { fullTime, left } from "~/i18n/format";
import { windowOf } from "../composer/window";
import { useThread } from "../context";
import { t } from "../text";

/** How long the customer can be answered freely; nothing where the channel sets no time. */
export function WindowCountdown() {
  const { conversation, channel } = useThread();
  const now = useNow();
  if (!channel) return null;
  const window = windowOf(conversation, channel, now);
  if (window.state === "closed") return <span className="shrink-0 text-warn">{t("header.windowClosed")}</span>;
  if (!window.until) return null;
  return (
    <span title={fullTime(window.until)} className={`shrink-0 tabular-nums ${window.soon ? "text-warn" : ""}`}>
      {t("header.window", { left: left(window.until, now) })}
    </span>
  );
}
