import { CloudOff, RefreshCw } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useConnection } from "~/api/realtime";
import type { Connection } from "~/api/realtime/sync";
import { useAnnouncer } from "~/ui/announcer";
import { t } from "../text";

// A short break is nobody's business.
const patience = 1_500;

/** Says that what is shown may be behind, and stops saying so when it is not. */
export function ConnectionBanner() {
  const shown = usePatiently(useConnection());
  const announcer = useAnnouncer();
  const was = useRef<Connection>("online");
  useEffect(() => {
    if (shown === was.current) return;
    was.current = shown;
    announcer.say(shown === "online" ? t("connection.back") : wordsFor(shown));
  }, [shown, announcer]);

  if (shown === "online") return null;
  const Icon = shown === "offline" ? CloudOff : RefreshCw;
  return (
    <div
      data-testid="connection"
      className="flex items-center justify-center gap-2 bg-warn-soft px-3 py-1 text-chip text-warn"
    >
      <Icon aria-hidden size={14} />
      {wordsFor(shown)}
    </div>
  );
}

function wordsFor(connection: Connection): string {
  if (connection === "catching up") return t("connection.catchingUp");
  return navigator.onLine ? t("connection.unreached") : t("connection.offline");
}

/** A worse state once it has lasted; a better one at once. */
function usePatiently(connection: Connection): Connection {
  const [lasting, setLasting] = useState<Connection>("online");
  useEffect(() => {
    if (connection === "online") return;
    const timer = setTimeout(() => setLasting(connection), patience);
    return () => {
      clearTimeout(timer);
      setLasting("online");
    };
  }, [connection]);
  return connection === "online" ? "online" : lasting;
}
