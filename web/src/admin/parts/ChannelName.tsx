import { useChannels } from "~/api/queries";
import { ChannelGlyph } from "~/ui/ChannelGlyph";

/** A channel with its badge, by its title where that is known. */
export function ChannelName({ channel }: { channel: string }) {
  const { data: channels } = useChannels();
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <ChannelGlyph channel={channel} />
      {channels?.find((each) => each.name === channel)?.title ?? channel}
    </span>
  );
}
