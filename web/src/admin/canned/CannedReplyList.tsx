import type { ReactNode } from "react";
import { Pencil, Trash2 } from "lucide-react";
import { useMe } from "~/api/queries";
import type { CannedReply } from "~/api/types";
import { Badge } from "~/ui/Badge";
import { IconButton } from "~/ui/IconButton";
import { ChannelName } from "../parts/ChannelName";
import { type Column, Table } from "../parts/Table";
import { t } from "../text";

interface ListProps {
  replies: CannedReply[];
  onEdit(reply: CannedReply): void;
  onDelete(reply: CannedReply): void;
}

export function CannedReplyList({ replies, onEdit, onDelete }: ListProps) {
  const { data: me } = useMe();
  // Everybody's are changed by administrators only, one's own by oneself.
  const mayChange = (reply: CannedReply) => !reply.shared || me?.role === "admin";
  const columns = columnsOf(
    (reply) => mayChange(reply) && <Changes reply={reply} onEdit={onEdit} onDelete={onDelete} />,
  );
  return <Table label={t("canned.title")} columns={columns} rows={replies} rowKey={(reply) => reply.id} />;
}

function columnsOf(changes: (reply: CannedReply) => ReactNode): Column<CannedReply>[] {
  return [
    { key: "shortcut", title: t("canned.shortcut"), cell: (reply) => <code>/{reply.shortcut}</code> },
    { key: "title", title: t("canned.titleField"), names: true, cell: (reply) => <Name reply={reply} /> },
    {
      key: "text",
      title: t("canned.text"),
      cell: (reply) => <span className="line-clamp-3 whitespace-pre-wrap">{reply.text}</span>,
    },
    { key: "changes", title: t("page.actions"), hideTitle: true, cell: changes },
  ];
}

interface ChangesProps {
  reply: CannedReply;
  onEdit(reply: CannedReply): void;
  onDelete(reply: CannedReply): void;
}

function Changes({ reply, onEdit, onDelete }: ChangesProps) {
  const { title } = reply;
  return (
    <span className="flex justify-end gap-1">
      <IconButton icon={Pencil} label={t("canned.edit", { title })} onClick={() => onEdit(reply)} />
      <IconButton icon={Trash2} label={t("canned.delete", { title })} onClick={() => onDelete(reply)} />
    </span>
  );
}

function Name({ reply }: { reply: CannedReply }) {
  return (
    <span className="flex flex-col gap-1">
      {reply.title}
      <span className="flex flex-wrap items-center gap-2 text-meta font-normal text-text-3">
        <Badge>{t(reply.shared ? "canned.sharedBadge" : "canned.ownBadge")}</Badge>
        {t("canned.uses", { n: reply.uses })}
        {reply.channels.map((channel) => (
          <ChannelName key={channel} channel={channel} />
        ))}
      </span>
    </span>
  );
}
