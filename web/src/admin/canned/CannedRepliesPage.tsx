import { MessageSquareText } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { keys } from "~/api/keys";
import { deleteCannedReply } from "~/api/operations";
import { useCannedReplies } from "~/api/queries";
import type { CannedReply } from "~/api/types";
import { Button } from "~/ui/Button";
import { ConfirmDialog } from "~/ui/Dialog";
import { EmptyState } from "~/ui/EmptyState";
import { TextField } from "~/ui/Field";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { useChange } from "../parts/use-change";
import { t } from "../text";
import { CannedReplyDialog } from "./CannedReplyDialog";
import { CannedReplyList } from "./CannedReplyList";

/** The texts that are needed often: everybody's, and one's own. Agents have this page among their settings. */
export function CannedRepliesPage() {
  const replies = useCannedReplies();
  const [edited, setEdited] = useState<CannedReply | "new" | null>(null);
  const [leaving, setLeaving] = useState<CannedReply | null>(null);
  const [words, setWords] = useState("");
  const wanted = useDeferredValue(words).toLowerCase();
  const matches = (reply: CannedReply) =>
    `${reply.shortcut} ${reply.title} ${reply.text}`.toLowerCase().includes(wanted);
  return (
    <Page
      title={t("canned.title")}
      intro={t("canned.intro")}
      actions={
        <Button variant="primary" onClick={() => setEdited("new")}>
          {t("canned.new")}
        </Button>
      }
    >
      <Loaded query={replies}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={MessageSquareText} title={t("canned.none")} hint={t("canned.noneHint")} />
          ) : (
            <>
              <TextField label={t("canned.search")} value={words} onChange={(event) => setWords(event.target.value)} />
              <CannedReplyList replies={all.filter(matches)} onEdit={setEdited} onDelete={setLeaving} />
            </>
          )
        }
      </Loaded>
      {edited && <CannedReplyDialog reply={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {leaving && <DeleteCannedReply reply={leaving} onClose={() => setLeaving(null)} />}
    </Page>
  );
}

function DeleteCannedReply({ reply, onClose }: { reply: CannedReply; onClose(): void }) {
  const remove = useChange({
    change: (api, id: string) => deleteCannedReply(api, id),
    stale: [keys.cannedReplies],
    failed: t("canned.deleting"),
  });
  const action = t("canned.delete", { title: reply.title });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={action}
      body={t("canned.deleteBody")}
      action={action}
      danger
      onConfirm={() => remove.mutateAsync(reply.id)}
    />
  );
}
