import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CloudOff, MessageCircleOff } from "lucide-react";
import { useEffect } from "react";
import { Problem } from "~/api/problem";
import { useConversation } from "~/api/queries";
import { t as core } from "~/i18n";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { ConversationView } from "./ConversationView";
import { t } from "./text";
import { TimelineSkeleton } from "./timeline/TimelineSkeleton";

/** The conversation that the address names. One that was merged into another leads there. */
export function ConversationPane() {
  const { view, conversationId } = useParams({ from: "/shell/inbox/$view/$conversationId" });
  const search = useSearch({ from: "/shell/inbox/$view" });
  const navigate = useNavigate();
  const { data, error, refetch } = useConversation(conversationId);
  const winner = data && data.id !== conversationId ? data.id : null;
  useEffect(() => {
    if (!winner) return;
    void navigate({
      to: "/inbox/$view/$conversationId",
      params: { view, conversationId: winner },
      search,
      replace: true,
    });
  }, [winner, navigate, view, search]);

  if (error && !data) {
    const gone = error instanceof Problem && error.status === 404;
    return (
      <section aria-label={t("pane.label")} className="min-w-0 flex-1">
        <EmptyState icon={gone ? MessageCircleOff : CloudOff} title={t(gone ? "pane.gone" : "pane.failed")} alert>
          {!gone && <Button onClick={() => void refetch()}>{core("common.retry")}</Button>}
        </EmptyState>
      </section>
    );
  }
  if (!data || winner) {
    return (
      <section aria-label={t("pane.label")} className="flex min-w-0 flex-1 flex-col">
        <TimelineSkeleton />
      </section>
    );
  }
  // Everything inside belongs to this conversation alone: another one begins anew.
  return <ConversationView key={data.id} conversation={data} message={search.message ?? null} />;
}
