import { X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
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
      <Radix.Provider swipeDirection="right">
        {children}
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => close(toast.id)} />
        ))}
        <Radix.Viewport className="fixed right-4 bottom-4 z-50 flex w-96 max-w-[calc(100vw-32px)] flex-col gap-2 outline-none" />
      </Radix.Provider>
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

function ToastCard({ toast, onClose }: { toast: ToastRequest; onClose(): void }) {
  const bad = toast.tone === "bad";
  const duration = toast.milliseconds ?? (bad ? Infinity : toast.action ? 10_000 : 5_000);
  return (
    <Radix.Root
      duration={duration}
      type={bad ? "foreground" : "background"}
      onOpenChange={(open) => !open && onClose()}
      className={`flex items-start gap-2 rounded-control border bg-surface p-3 shadow-overlay ${bad ? "border-bad" : "border-line"}`}
    >
      <div className="min-w-0 flex-1">
        <Radix.Title className={bad ? "font-medium text-bad" : ""}>{toast.text}</Radix.Title>
        {toast.detail && <Radix.Description className="text-chip text-text-2">{toast.detail}</Radix.Description>}
      </div>
      {toast.action && (
        <Radix.Action asChild altText={toast.action.label}>
          <Button onClick={toast.action.run} aria-keyshortcuts={toast.action.shortcut}>
            {toast.action.label}
          </Button>
        </Radix.Action>
      )}
      <Radix.Close asChild>
        <IconButton icon={X} label={t("common.close")} />
      </Radix.Close>
    </Radix.Root>
  );
}
