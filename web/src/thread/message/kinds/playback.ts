import { type Preferences, usePreferences } from "~/app/preferences";

type Speed = Preferences["audioSpeed"];

const SPEEDS: Speed[] = [1, 1.5, 2];

/** How fast voice messages play: one choice for all of them, which follows the agent. */
export function useSpeed(): [Speed, () => void] {
  const [{ audioSpeed }, change] = usePreferences();
  const next = SPEEDS[(SPEEDS.indexOf(audioSpeed) + 1) % SPEEDS.length] ?? 1;
  return [audioSpeed, () => change({ audioSpeed: next })];
}

let playing: HTMLAudioElement | null = null;

/** Stops what plays, for what starts. */
export function playAlone(element: HTMLAudioElement): void {
  if (playing && playing !== element) playing.pause();
  playing = element;
}

/** After a voice message the next one of the conversation plays, as on the customer's phone. */
export function playNext(after: HTMLAudioElement): void {
  const all = [...document.querySelectorAll<HTMLAudioElement>("audio[data-voice]")];
  const next = all[all.indexOf(after) + 1];
  if (next) void next.play().catch(() => undefined);
}
