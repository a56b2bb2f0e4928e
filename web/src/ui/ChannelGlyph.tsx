const colors: Record<string, string> = {
  whatsapp: "text-whatsapp",
  messenger: "text-messenger",
  instagram: "text-instagram",
  telegram: "text-telegram",
};

// Our own plain shapes, told apart by form as well as by colour; the platforms' logos are theirs.
const shapes: Record<string, string> = {
  whatsapp:
    "M8 1a7 7 0 0 0-6 10.500L1 15l3.600-.9A7 7 0 1 0 8 1zM5 5.500c0 3 2.500 5.500 5.500 5.500l.5-1.500-1.800-.9-.8.700C7.600 8.900 7.100 8.400 6.700 7.600l.7-.8L6.500 5z",
  messenger:
    "M8 1C4 1 1 3.900 1 7.600c0 2.100.9 3.900 2.400 5.100V15l2.200-1.200c.8.200 1.600.3 2.400.3 4 0 7-2.900 7-6.500S12 1 8 1zM3.800 9.300l3.100-3.300 1.700 1.700 3.500-1.700L9 9.300 7.300 7.600z",
  instagram:
    "M5 1h6a4 4 0 0 1 4 4v6a4 4 0 0 1-4 4H5a4 4 0 0 1-4-4V5a4 4 0 0 1 4-4zm3 3.700a3.300 3.300 0 1 0 0 6.600 3.300 3.300 0 0 0 0-6.600zm3.900-1.500a.9.9 0 1 0 0 1.800.9.9 0 0 0 0-1.800z",
  telegram: "M15 2 1 7.500l4 1.600L13 4 6.500 10v4l2.200-2.500L12 14z",
};

const other = "M3 2h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H8l-4 3v-3H3a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z";

/** The badge of a channel. Decoration: the channel's title stands beside it or in its row's name. */
export function ChannelGlyph({ channel, size = 16 }: { channel: string; size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 16 16" className={colors[channel] ?? "text-web"}>
      <path fill="currentColor" fillRule="evenodd" d={shapes[channel] ?? other} />
    </svg>
  );
}
