import { Link, Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { clsx } from "clsx";
import { CloudOff, UserRoundSearch, UsersRound } from "lucide-react";
import { t as core } from "~/i18n";
import { contactName } from "~/i18n/names";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { EmptyState } from "~/ui/EmptyState";
import { Skeleton } from "~/ui/Skeleton";
import { t } from "./text";
import { useContacts } from "./use-contacts";

/** All customers, and the one that is chosen. */
export function ContactsPage() {
  const { q = "" } = useSearch({ from: "/shell/contacts" });
  const chosen = useParams({ strict: false, select: (params) => params.contactId });
  const navigate = useNavigate();
  return (
    <main aria-label={t("contacts.label")} className="flex h-full min-w-0 flex-1 bg-surface">
      <section
        aria-label={t("contacts.label")}
        data-pane="list"
        className={clsx("flex min-h-0 flex-col border-e border-line max-md:flex-1 md:w-96", chosen && "max-md:hidden")}
      >
        <div className="flex flex-col gap-2 border-b border-line p-3">
          <h1 className="text-title font-semibold">{t("contacts.label")}</h1>
          <input
            type="search"
            value={q}
            onChange={(event) =>
              void navigate({ to: ".", search: { q: event.target.value || undefined }, replace: true })
            }
            aria-label={t("contacts.find")}
            placeholder={t("contacts.find")}
            className="field"
          />
        </div>
        <ContactList query={q} chosen={chosen} />
      </section>
      <div data-pane="contact" className={clsx("min-w-0 flex-1 overflow-y-auto", !chosen && "max-md:hidden")}>
        {chosen ? <Outlet /> : <EmptyState icon={UsersRound} title={t("contacts.pick")} />}
      </div>
    </main>
  );
}

function ContactList({ query, chosen }: { query: string; chosen: string | undefined }) {
  const { data, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useContacts(query);
  const contacts = data?.pages.flatMap((page) => page.items) ?? [];
  if (isError && !data) {
    return (
      <EmptyState icon={CloudOff} title={t("contacts.failed")} alert>
        <Button onClick={() => void refetch()}>{core("common.retry")}</Button>
      </EmptyState>
    );
  }
  if (!data) return <Skeleton className="m-3 h-64" />;
  if (contacts.length === 0) {
    return query ? (
      <EmptyState icon={UserRoundSearch} title={t("contacts.noneFound")} />
    ) : (
      <EmptyState icon={UsersRound} title={t("contacts.none")} hint={t("contacts.noneHint")} />
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-1">
      <ul>
        {contacts.map((each) => (
          <li key={each.id} className="[content-visibility:auto]">
            <Link
              to="/contacts/$contactId"
              params={{ contactId: each.id }}
              search={{ q: query || undefined }}
              aria-current={each.id === chosen ? "page" : undefined}
              className={clsx(
                "flex items-center gap-3 rounded-control px-3 py-2 text-text no-underline hover:bg-raised",
                each.id === chosen && "bg-selected",
              )}
            >
              <Avatar name={contactName(each)} />
              <span className="min-w-0 flex-1">
                <span dir="auto" className="block truncate font-medium">
                  {contactName(each)}
                </span>
                <span className="block truncate text-chip text-text-2">
                  {[each.phone, each.email, each.username && `@${each.username}`].filter(Boolean).join(" · ")}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button className="m-2" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("contacts.more")}
        </Button>
      )}
    </div>
  );
}
