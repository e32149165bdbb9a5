import { callRecords } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { IconButton, Segmented, Skeleton } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Download, Pause, Play } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Failure } from "../form/failure";
import { callsKey } from "./keys";

const speeds = ["1", "1.5", "2"] as const;

/** "1:05" */
export function clock(s: number): string {
  const whole = Math.max(0, Math.floor(s));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Plays a recording, with a picture of both sides; the sound is fetched when somebody listens. What stands below it knows where it is played, and may play from elsewhere. */
export function Player({ id, download, children }: { id: string; download: boolean; children?: (at: number, playFrom: (to: number) => void) => ReactNode }) {
  const { t } = useTranslation();
  const picture = useQuery({ queryKey: [...callsKey, "peaks", id], queryFn: () => callRecords.peaks(id), staleTime: Infinity });
  const sound = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [at, setAt] = useState(0);
  const [broken, setBroken] = useState(false);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>("1");
  useEffect(() => {
    if (sound.current) sound.current.playbackRate = Number(speed);
  }, [speed]);
  if (picture.error) return <Failure error={picture.error} onRetry={() => void picture.refetch()} />;
  if (!picture.data) return <Skeleton className="h-24 w-full" />;
  const length = picture.data.length;
  const toggle = () => {
    const player = sound.current;
    if (!player) return;
    if (on) player.pause();
    else void player.play().catch(() => setBroken(true));
  };
  const seek = (to: number) => {
    setAt(to);
    if (sound.current) sound.current.currentTime = to;
  };
  const playFrom = (to: number) => {
    seek(to);
    void sound.current?.play().catch(() => setBroken(true));
  };
  return (
    <>
      <div className="rounded-xl border bg-panel p-3">
        <audio ref={sound} src={callRecords.sound(id)} preload="none" onPlay={() => setOn(true)} onPause={() => setOn(false)} onEnded={() => setOn(false)} onTimeUpdate={(e) => setAt(e.currentTarget.currentTime)} onError={() => setBroken(true)} />
        <Wave channels={picture.data.channels} part={length > 0 ? at / length : 0} />
        <div className="mt-2 flex flex-wrap items-center gap-3">
          <IconButton label={t(on ? "calls.recording.pause" : "calls.recording.play")} icon={on ? <Pause size={16} /> : <Play size={16} />} onClick={toggle} />
          <input type="range" className="min-w-32 flex-1 accent-brand" aria-label={t("calls.recording.position")} aria-valuetext={`${clock(at)} / ${clock(length)}`} min={0} max={Math.max(0.1, length)} step={0.1} value={Math.min(at, length)} onChange={(e) => seek(Number(e.target.value))} />
          <span className="num text-xs text-mut">{`${clock(at)} / ${clock(length)}`}</span>
          <Segmented label={t("calls.recording.speed")} value={speed} onChange={setSpeed} choices={speeds.map((value) => ({ value, label: `${value}×` }))} />
          {download && (
            <a href={callRecords.file(id)} download aria-label={t("calls.recording.download")} title={t("calls.recording.download")} className="grid size-8 place-items-center rounded-lg text-mut hover:bg-raise hover:text-fg">
              <Download size={16} aria-hidden="true" />
            </a>
          )}
        </div>
        {broken && (
          <p role="alert" className="mt-2 text-xs text-bad">
            {t("calls.recording.broken")}
          </p>
        )}
        <p className="mt-2 text-2xs text-mut">{t("calls.recording.logged")}</p>
      </div>
      {children?.(at, playFrom)}
    </>
  );
}

const height = 40;

/** Both sides as bars, what was played in the colour of the house. */
function Wave({ channels, part }: { channels: number[][]; part: number }) {
  const { t } = useTranslation();
  const n = Math.max(1, channels[0]?.length ?? 1);
  const played = Math.floor(part * n);
  return (
    <svg role="img" aria-label={t("calls.recording.picture")} viewBox={`0 0 ${n} ${height * 2 * Math.max(1, channels.length)}`} preserveAspectRatio="none" className="h-24 w-full">
      {channels.map((peaks, c) => {
        const middle = height + c * height * 2;
        const bars = (from: number, to: number) => peaks.slice(from, to).map((v, i) => `M${from + i + 0.5} ${middle - Math.max(1, (v / 255) * height)}V${middle + Math.max(1, (v / 255) * height)}`).join("");
        return (
          <g key={c} fill="none" strokeWidth={0.8}>
            <path d={bars(0, played)} className="stroke-brand" />
            <path d={bars(played, n)} className="stroke-faint" />
          </g>
        );
      })}
    </svg>
  );
}
