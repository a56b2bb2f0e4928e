import { X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { Problem, Unreachable } from "~/api/problem";
import { t } from "~/i18n";
import { Button } from "./Button";
import { IconButton } from "./IconButton";

export interface ToastRequest {
  text: string;
  /** A second line. */
  detail?: string;
  tone?: "plain" | "bad";
  action?: { label: string; shortcut?: string; run(): void };
  /** How long it stays: 10 s with an action, 5 s without; failures stay until closed. */
  milliseconds?: number;
}

interface Toasts {
  show(toast: ToastRequest): () => void;
  /** Tells what went wrong, in the server's words where it gave any. */
  failure(error: unknown, doing?: string): void;
}

const ToastContext = createContext<Toasts | null>(null);

export function useToasts(): Toasts {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error("useToasts outside of ToastProvider");
  return toasts;
}

let last = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<(ToastRequest & { id: number })[]>([]);
  const close = useCallback((id: number) => setShown((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (toast: ToastRequest) => {
      const id = ++last;
      setShown((all) => [...all.slice(-2), { ...toast, id }]);
      return () => close(id);
    },
    [close],
  );
  const toasts = useMemo<Toasts>(
    () => ({ show, failure: (error, doing) => void show({ ...wordsFor(error, doing), tone: "bad" }) }),
    [show],
  );
  return (
    <ToastContext value={toasts}>
      {children}
      {/* Where nothing lies that is pressed again and again, as Send is. */}
      <ol className="pointer-events-auto fixed top-4 left-4 z-50 flex w-80 max-w-[calc(100vw-32px)] flex-col gap-2 md:top-auto md:bottom-4">
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} close={close} />
        ))}
      </ol>
    </ToastContext>
  );
}

/** The title and the detail of a failure. */
export function wordsFor(error: unknown, doing?: string): { text: string; detail?: string } {
  if (error instanceof Problem) {
    const id = error.requestId && error.status >= 500 ? t("common.requestId", { id: error.requestId }) : undefined;
    return {
      text: doing ?? error.message,
      detail: [doing ? error.message : undefined, id].filter(Boolean).join(" ") || undefined,
    };
  }
  if (error instanceof Unreachable) return { text: doing ?? t("common.failed"), detail: t("common.unreachable") };
  return { text: doing ?? t("common.failed") };
}

// Not Radix's: that counts as what lies on top, and takes the Esc that is meant for a dialog or the conversation.
function ToastCard({ toast, close }: { toast: ToastRequest & { id: number }; close(id: number): void }) {
  const bad = toast.tone === "bad";
  const duration = toast.milliseconds ?? (bad ? Infinity : toast.action ? 10_000 : 5_000);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || duration === Infinity) return undefined;
    const timer = setTimeout(() => close(toast.id), duration);
    return () => clearTimeout(timer);
  }, [held, duration, close, toast.id]);
  const act = () => {
    close(toast.id);
    toast.action?.run();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only stays while somebody is about to use what is in it
    <li
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className={`flex items-start gap-2 rounded-control border bg-surface p-3 shadow-overlay ${bad ? "border-bad" : "border-line"}`}
    >
      <div role={bad ? "alert" : "status"} className="min-w-0 flex-1">
        <p className={bad ? "font-medium text-bad" : ""}>{toast.text}</p>
        {toast.detail && <p className="text-chip text-text-2">{toast.detail}</p>}
      </div>
      {toast.action && (
        <Button onClick={act} aria-keyshortcuts={toast.action.shortcut}>
          {toast.action.label}
        </Button>
      )}
      <IconButton icon={X} label={t("common.close")} onClick={() => close(toast.id)} />
    </li>
  );
}
