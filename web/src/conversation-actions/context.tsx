import { useQueryClient } from "@tanstack/react-query";
import { createContext, lazy, type ReactNode, Suspense, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useApi } from "~/api/context";
import { useAgents, useLabels } from "~/api/queries";
import { t as core } from "~/i18n";
import { useToasts } from "~/ui/toasts";
import { type Actions, createActions } from "./actions";
import type { Asked } from "./AskDialogs";

const load = () => import("./AskDialogs").then((module) => ({ default: module.AskDialogs }));
const AskDialogs = lazy(load);

export interface ConversationActions extends Actions {
  /** Opens the question that an action needs answered first. */
  ask(about: Asked["about"], ids: string[]): void;
}

const ActionsContext = createContext<ConversationActions | null>(null);

/** What an agent can do with conversations. Toasts tell what was done, with the way back. */
export function useConversationActions(): ConversationActions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error("useConversationActions outside of ConversationActionsProvider");
  return actions;
}

export function ConversationActionsProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const [asked, setAsked] = useState<Asked | null>(null);
  const closeToast = useRef<() => void>(undefined);
  // What is shown at once needs the names of colleagues and labels.
  useAgents();
  useLabels();

  const actions = useMemo<ConversationActions>(() => {
    const made = createActions({
      api,
      client,
      failed: (error, text) => toasts.failure(error, text),
      done(text) {
        closeToast.current?.();
        const action = { label: core("common.undo"), shortcut: "Z", run: () => void made.undo() };
        closeToast.current = toasts.show({ text, action });
      },
    });
    const undo = () => {
      closeToast.current?.();
      return made.undo();
    };
    return { ...made, undo, ask: (about, ids) => setAsked(ids.length > 0 ? { about, ids } : null) };
  }, [api, client, toasts]);
  useEffect(() => () => closeToast.current?.(), []);
  // What is typed right after the key that asks must not be taken for other keys.
  useEffect(() => void load().catch(() => undefined), []);

  return (
    <ActionsContext value={actions}>
      {children}
      <Suspense>{asked && <AskDialogs asked={asked} actions={actions} onClose={() => setAsked(null)} />}</Suspense>
    </ActionsContext>
  );
}
