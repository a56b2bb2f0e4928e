import { Clock, LockKeyhole } from "lucide-react";
import type { Channel } from "~/api/types";
import { useNow } from "~/i18n/clock";
import { fullTime, left } from "~/i18n/format";
import { Button } from "~/ui/Button";
import { t } from "./text";
import type { ReplyWindow } from "./window";

interface WindowCardProps {
  window: ReplyWindow;
  channel: Channel;
  onTemplate(): void;
}

/** What the platform allows at the moment, where that is not simply everything. */
export function WindowCard({ window, channel, onTemplate }: WindowCardProps) {
  const now = useNow();
  if (window.state === "open") {
    if (!window.until || !window.soon) return null;
    return (
      <p title={fullTime(window.until)} className="flex items-center gap-2 bg-warn-soft px-3 py-1 text-chip text-warn">
        <Clock aria-hidden size={14} />
        {t("window.soon", { left: left(window.until, now) })}
      </p>
    );
  }
  if (window.tag) {
    return (
      <p
        title={fullTime(window.tag.until)}
        className="flex items-center gap-2 bg-warn-soft px-3 py-1 text-chip text-warn"
      >
        <Clock aria-hidden size={14} />
        {t("window.tag", { channel: channel.title, tag: window.tag.name, left: left(window.tag.until, now) })}
      </p>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-3 px-3 py-3">
      <LockKeyhole aria-hidden size={18} className="shrink-0 text-text-2" />
      <div className="min-w-48 flex-1">
        <p className="font-medium">{window.since ? t("window.closed") : t("window.never")}</p>
        <p className="text-chip text-text-2">
          {t(window.templates ? "window.template" : "window.wait", { channel: channel.title })}
        </p>
      </div>
      {window.templates && (
        <Button variant="primary" onClick={onTemplate}>
          {t("template.send")}
        </Button>
      )}
    </div>
  );
}
