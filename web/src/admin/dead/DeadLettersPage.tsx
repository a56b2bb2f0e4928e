import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { DeadFilter } from "~/api/admin-operations";
import { Page } from "../parts/Page";
import { t } from "../text";
import { DeadFilters } from "./DeadFilters";
import { DeadLetterDialog } from "./DeadLetterDialog";
import { DeadLetterList } from "./DeadLetterList";
import { Reasons } from "./Reasons";
import { RedriveDialog, type What } from "./RedriveDialog";

/** What could not be processed: why, how much of it, and the way back. The filters stand in the address. */
export function DeadLettersPage() {
  const { show, ...filter } = useSearch({ from: "/shell/admin/dead-letters" });
  const navigate = useNavigate();
  const [going, setGoing] = useState<What | null>(null);
  const go = (search: DeadFilter & { show?: string }) => void navigate({ to: "/admin/dead-letters", search });
  return (
    <Page title={t("dead.title")} intro={t("dead.intro")}>
      <Reasons chosen={filter.reason} onChoose={(reason) => go({ ...filter, reason })} />
      <DeadFilters filter={filter} onChange={go} />
      <DeadLetterList
        // Another filter shows other letters: what was selected among those before is not selected any more.
        key={JSON.stringify(filter)}
        filter={filter}
        onClear={() => go({})}
        onShow={(id) => go({ ...filter, show: id })}
        onRedrive={setGoing}
      />
      {show && <DeadLetterDialog id={show} onClose={() => go(filter)} onRedrive={() => setGoing({ ids: [show] })} />}
      {going && <RedriveDialog what={going} onClose={() => setGoing(null)} />}
    </Page>
  );
}
