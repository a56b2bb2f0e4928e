import { useNavigate, useSearch } from "@tanstack/react-router";
import { CloudOff, Search, SearchX } from "lucide-react";
import { useEffect, useState } from "react";
import type { SearchIn } from "~/api/types";
import { t as core } from "~/i18n";
import { useAnnouncer } from "~/ui/announcer";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { Skeleton } from "~/ui/Skeleton";
import { Hit } from "./Hit";
import { t } from "./text";
import { MINIMUM, useResults } from "./use-results";

const places: SearchIn[] = ["messages", "conversations", "contacts"];

/** So long after the last key the search begins. */
const PAUSE = 250;

/** Finds what was said, where, and by whom. What was searched for is in the address: going back brings the results again. */
export function SearchPage() {
  const { q = "", in: within = "messages" } = useSearch({ from: "/shell/search" });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(q);
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(
      () => void navigate({ to: "/search", search: { q: typed.trim() || undefined, in: within }, replace: true }),
      PAUSE,
    );
    return () => clearTimeout(timer);
  }, [typed, q, within, navigate]);
  return (
    <main aria-label={t("search.label")} data-pane="search" className="flex h-full min-w-0 flex-1 flex-col bg-surface">
      <h1 className="sr-only">{t("search.label")}</h1>
      <div className="flex flex-col gap-2 border-b border-line p-3">
        <input
          type="search"
          value={typed}
          maxLength={200}
          // Whoever opens the search wants to type.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => setTyped(event.target.value)}
          aria-label={t("search.find")}
          placeholder={t("search.find")}
          className="field w-full max-w-3xl"
        />
        <fieldset className="flex gap-1">
          <legend className="sr-only">{t("search.in")}</legend>
          {places.map((place) => (
            <button
              key={place}
              type="button"
              aria-pressed={place === within}
              onClick={() =>
                void navigate({ to: "/search", search: { q: typed.trim() || undefined, in: place }, replace: true })
              }
              className={`touch-target min-h-8 rounded-control px-3 ${place === within ? "bg-selected font-medium" : "text-text-2 hover:bg-raised"}`}
            >
              {t(`search.${place}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <Results q={q} within={within} />
    </main>
  );
}

function Results({ q, within }: { q: string; within: SearchIn }) {
  const { data, isError, isPlaceholderData, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useResults(
    q,
    within,
  );
  const { say } = useAnnouncer();
  const hits = data?.pages.flatMap((page) => page.items) ?? [];
  const words = hasNextPage ? t("search.resultsMore", { n: hits.length }) : t("search.results", { n: hits.length });
  const ready = data !== undefined && !isPlaceholderData && q.length >= MINIMUM;
  useEffect(() => {
    if (ready) say(words);
  }, [ready, words, say]);

  if (q.length < MINIMUM) return <EmptyState icon={Search} title={t("search.start")} hint={t("search.startHint")} />;
  if (isError && !data) {
    return (
      <EmptyState icon={CloudOff} title={t("search.failed")} alert>
        <Button onClick={() => void refetch()}>{core("common.retry")}</Button>
      </EmptyState>
    );
  }
  if (!data) return <Skeleton className="m-4 h-64 max-w-3xl" />;
  if (hits.length === 0) return <EmptyState icon={SearchX} title={t("search.none", { q })} />;
  return (
    <div className={`min-h-0 flex-1 overflow-y-auto p-2 ${isPlaceholderData ? "opacity-60" : ""}`}>
      <p className="px-3 py-1 text-meta text-text-3">{words}</p>
      <ul className="max-w-3xl">
        {hits.map((hit) => (
          <li key={hit.message?.id ?? hit.conversation?.id ?? hit.contact?.id}>
            <Hit hit={hit} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button className="m-2" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("search.more")}
        </Button>
      )}
    </div>
  );
}
