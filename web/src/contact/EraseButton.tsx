import { Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMe } from "~/api/queries";
import type { Contact } from "~/api/types";
import { Button } from "~/ui/Button";
import { t } from "./text";

const EraseDialog = lazy(() => import("./EraseDialog"));

/** For administrators: the way to forget somebody. */
export function EraseButton({ contact }: { contact: Contact }) {
  const [open, setOpen] = useState(false);
  if (useMe().data?.role !== "admin") return null;
  return (
    <>
      <Button className="mt-2 w-full" onClick={() => setOpen(true)}>
        <Trash2 aria-hidden size={16} />
        {t("erase.open")}
      </Button>
      {open && (
        <Suspense>
          <EraseDialog contact={contact} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
