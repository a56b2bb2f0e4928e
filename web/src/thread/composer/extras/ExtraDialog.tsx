import type { Channel, NewMessage } from "~/api/types";
import { Dialog } from "~/ui/Dialog";
import { t } from "../text";
import { CardForm } from "./CardForm";
import { ChoicesForm } from "./ChoicesForm";
import type { Extra } from "./offer";
import { PlaceForm } from "./PlaceForm";

interface ExtraDialogProps {
  extra: Extra;
  channel: Channel;
  text: string;
  onSend(body: NewMessage): void;
  onClose(): void;
}

/** Asks for everything that goes with choices, a place or a contact card. */
export default function ExtraDialog({ extra, channel, text, onSend, onClose }: ExtraDialogProps) {
  const limit = channel.sends.choices;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t(`extras.${extra}`)}>
      {extra === "choices" && limit && <ChoicesForm limit={limit} question={text} onSend={onSend} onCancel={onClose} />}
      {extra === "place" && <PlaceForm onSend={onSend} onCancel={onClose} />}
      {extra === "card" && <CardForm onSend={onSend} onCancel={onClose} />}
    </Dialog>
  );
}
