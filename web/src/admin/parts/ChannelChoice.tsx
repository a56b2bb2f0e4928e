import type { ReactNode } from "react";
import { useChannels } from "~/api/queries";
import { Choice } from "./Choice";

interface ChannelChoiceProps {
  legend: string;
  hint?: ReactNode;
  error?: string;
  chosen: string[];
  onChange(chosen: string[]): void;
}

/** Some of the channels. */
export function ChannelChoice(props: ChannelChoiceProps) {
  const { data: channels = [] } = useChannels();
  return <Choice {...props} options={channels.map((channel) => ({ value: channel.name, label: channel.title }))} />;
}
