// Two short tones, made here: no file to load, and nothing that a strict content policy would refuse.
let audio: AudioContext | null = null;

/** A browser plays nothing before the page was touched: the first touch unlocks it. */
export function unlockSound(): () => void {
  const unlock = () => {
    audio ??= typeof AudioContext === "undefined" ? null : new AudioContext();
    if (audio?.state === "suspended") void audio.resume();
  };
  addEventListener("pointerdown", unlock, { once: true });
  addEventListener("keydown", unlock, { once: true });
  return () => {
    removeEventListener("pointerdown", unlock);
    removeEventListener("keydown", unlock);
  };
}

/** Whether the browser still waits for a touch. */
export const isSoundLocked = (): boolean => audio?.state !== "running";

const tones = { message: [660, 880], assigned: [523, 659, 784] };

export function playSound(kind: keyof typeof tones): void {
  if (!audio || audio.state !== "running") return;
  for (const [index, frequency] of tones[kind].entries()) tone(audio, frequency, audio.currentTime + index * 0.12);
}

function tone(context: AudioContext, frequency: number, at: number) {
  const source = context.createOscillator();
  const volume = context.createGain();
  source.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + 0.25);
}
