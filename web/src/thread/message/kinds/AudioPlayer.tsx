import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { duration } from "~/i18n/format";
import { IconButton } from "~/ui/IconButton";
import { t } from "../../text";
import { playAlone, playNext, useSpeed } from "./playback";

interface AudioPlayerProps {
  url: string;
  /** As the platform says; the file itself may know better. */
  seconds?: number;
  /** A voice message, after which the next one plays by itself; otherwise the name of the file. */
  voice?: boolean;
  name?: string;
}

/** Plays a voice message or another sound, one at a time in the whole page, at the speed that the agent chose last. */
export function AudioPlayer({ url, seconds = 0, voice = false, name }: AudioPlayerProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const [speed, faster] = useSpeed();
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(seconds);
  const [failed, setFailed] = useState(false);
  const label = voice
    ? t("audio.voice", { length: duration(length) })
    : t("audio.other", { name: name || t("kind.audio") });
  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (element.paused) void element.play().catch(() => setFailed(true));
    else element.pause();
  };
  const seek = (to: number) => {
    if (audio.current) audio.current.currentTime = to;
    setAt(to);
  };
  useEffect(() => {
    if (audio.current) audio.current.playbackRate = speed;
  }, [speed]);
  return (
    <fieldset aria-label={label} className="flex w-72 max-w-full min-w-0 items-center gap-2">
      {/* A message has no captions; what is said in it is in nobody's hands but the sender's. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio
        ref={audio}
        src={url}
        preload="none"
        data-voice={voice || undefined}
        onPlay={(event) => {
          event.currentTarget.playbackRate = speed;
          playAlone(event.currentTarget);
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => {
          const real = event.currentTarget.duration;
          if (Number.isFinite(real) && real > 0) setLength(real);
        }}
        onEnded={(event) => {
          setAt(0);
          if (voice) playNext(event.currentTarget);
        }}
        onError={() => setFailed(true)}
      />
      <IconButton
        icon={playing ? Pause : Play}
        label={playing ? t("audio.pause") : t("audio.play")}
        onClick={toggle}
        className="rounded-full bg-surface"
      />
      <div className="min-w-0 flex-1">
        <input
          type="range"
          aria-label={t("audio.position")}
          aria-valuetext={t("audio.at", { at: duration(at), of: duration(length) })}
          min={0}
          max={Math.max(length, 0.1)}
          step={0.1}
          value={Math.min(at, length)}
          onChange={(event) => seek(Number(event.target.value))}
          className="h-6 w-full accent-accent"
        />
        <div className="flex justify-between text-meta text-text-2 tabular-nums">
          <span>{failed ? t("audio.failed") : duration(at > 0 ? at : length)}</span>
        </div>
      </div>
      <button
        type="button"
        onClick={faster}
        aria-label={t("audio.speed", { speed })}
        className="touch-target min-h-6 min-w-10 rounded-control bg-surface px-1 text-meta font-medium text-text-2 tabular-nums"
      >
        {t("audio.times", { speed })}
      </button>
    </fieldset>
  );
}
