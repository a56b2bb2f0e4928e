// Drawn on 24 by 24, with round lines of 2.
const paths = {
  again: "M20 11a8 8 0 1 0-.7 4.5M20 5v6h-6",
  alert: "M12 8v5M12 16.5v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
  arrow: "M12 5v14m-6-6 6 6 6-6",
  chat: "M21 11.7a8.5 8.5 0 0 1-12.6 7.4L3 21l1.7-5.3A8.5 8.5 0 1 1 21 11.7z",
  check: "m5 13 4 4L19 7",
  checks: "m2 13 4 4L16 7M11 16l1 1L22 7",
  clip: "m20 11.5-8 8a5.2 5.2 0 0 1-7.4-7.4l8-8a3.5 3.5 0 0 1 5 5l-8 8a1.8 1.8 0 0 1-2.5-2.5l7.4-7.4",
  clock: "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
  close: "m6 6 12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  download: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  place: "M12 21s7-6.2 7-11.5a7 7 0 1 0-14 0C5 14.8 12 21 12 21zm0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  reply: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
  send: "m4 12-1-8 18 8-18 8 1-8zm0 0h8",
  wait: "M12 3a9 9 0 1 1-9 9",
};

export type IconName = keyof typeof paths;

/** A picture without a name: whatever it stands for is said beside it. */
export function Icon({ name, size }: { name: IconName; size: number }) {
  return (
    <svg data-icon={name} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** A button that is a picture, with the name that it goes by. */
export function IconButton(props: {
  icon: IconName;
  size: number;
  name: string;
  class?: string;
  onClick: (event: Event) => void;
}) {
  const { icon, size, name, onClick } = props;
  return (
    <button type="button" class={`icon ${props.class ?? ""}`} aria-label={name} title={name} onClick={onClick}>
      <Icon name={icon} size={size} />
    </button>
  );
}
