import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowDownWideNarrow } from "lucide-react";
import { clsx } from "clsx";
import { useCounts } from "~/api/queries";
import type { Counts } from "~/api/types";
import { usePreferences } from "~/app/preferences";
import { IconButton } from "~/ui/IconButton";
import { Menu } from "~/ui/Menu";
import { FilterPopover } from "./FilterPopover";
import { type InboxSearch, type Sort, sortOf, sorts, type View, views } from "./search";
import { t } from "./text";

interface ListHeaderProps {
  view: View;
  search: InboxSearch;
}

export function ListHeader({ view, search }: ListHeaderProps) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-2">
      <nav aria-label={t("list.views")} className="flex min-w-0 flex-1 gap-1">
        {views.map((each) => (
          <ViewLink key={each} view={each} current={each === view} search={search} />
        ))}
      </nav>
      <SortMenu view={view} search={search} />
      <FilterPopover view={view} search={search} />
    </header>
  );
}

function ViewLink({ view, current, search }: { view: View; current: boolean; search: InboxSearch }) {
  const counts = useCounts().data;
  const shown = counts && shownCount(counts, view);
  return (
    <Link
      to="/inbox/$view"
      params={{ view }}
      search={{ ...search, message: undefined }}
      aria-current={current ? "page" : undefined}
      className={clsx(
        "touch-target inline-flex min-h-8 min-w-0 items-center gap-1.5 rounded-control px-2 text-text no-underline hover:bg-raised",
        current ? "bg-selected font-semibold" : "text-text-2",
      )}
    >
      <span className="truncate">{t(`view.${view}`)}</span>
      {shown && <span className="text-meta text-text-3 tabular-nums">{shown}</span>}
    </Link>
  );
}

const cap = 1000;

// The server counts no further than that: more would cost more than anybody reads.
function shownCount(counts: Counts, view: View): string | null {
  const count = counts[view];
  if (count === 0) return null;
  return count >= cap && counts.capped ? t("list.capped", { n: cap }) : String(count);
}

function SortMenu({ view, search }: ListHeaderProps) {
  const navigate = useNavigate();
  const [preferences, change] = usePreferences();
  const current = sortOf(search, preferences.sort);
  // It stands in the address, and stays for the next visit.
  const choose = (sort: Sort) => {
    void navigate({ to: ".", params: { view }, search: { ...search, sort } });
    change({ sort });
  };
  const entries = sorts.map((sort) => ({
    key: sort,
    label: t(`sort.${sort}`),
    checked: sort === current,
    onSelect: () => choose(sort),
  }));
  const label = `${t("sort.label")}: ${t(`sort.${current}`)}`;
  return (
    <Menu
      align="end"
      entries={entries}
      trigger={<IconButton icon={ArrowDownWideNarrow} label={label} side="bottom" />}
    />
  );
}
