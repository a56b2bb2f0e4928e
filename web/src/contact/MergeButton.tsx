import { Merge } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Contact } from "~/api/types";
import { Button } from "~/ui/Button";
import { t } from "./text";

const MergeDialog = lazy(() => import("./MergeDialog"));

export function MergeButton({ contact }: { contact: Contact }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="w-full" onClick={() => setOpen(true)}>
        <Merge aria-hidden size={16} />
        {t("merge.open")}
      </Button>
      {open && (
        <Suspense>
          <MergeDialog contact={contact} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
