import { useTranslation } from "@yingda/i18n";
import { IconButton, useToast } from "@yingda/ui";
import { Play, Square } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";

/** Plays sounds one after another; only one thing is heard at a time. */
export function useSound(): { playing?: string; play: (name: string, addresses: readonly string[]) => void; stop: () => void } {
  const { t } = useTranslation();
  const toast = useToast();
  const [playing, setPlaying] = useState<string>();
  const audio = useRef<HTMLAudioElement>(undefined);
  const stop = useCallback(() => {
    audio.current?.pause();
    audio.current = undefined;
    setPlaying(undefined);
  }, []);
  useEffect(() => stop, [stop]);
  const play = useCallback(
    (name: string, addresses: readonly string[]) => {
      audio.current?.pause();
      const next = ([address, ...rest]: readonly string[]) => {
        if (!address) return stop();
        const sound = new Audio(address);
        audio.current = sound;
        const failed = () => {
          if (audio.current !== sound) return; // something else is heard meanwhile
          toast({ text: t("menu.sound.failed"), tone: "bad" });
          stop();
        };
        sound.onended = () => audio.current === sound && next(rest);
        sound.onerror = failed;
        sound.play().catch(failed);
      };
      setPlaying(name);
      next(addresses);
    },
    [stop, t, toast],
  );
  return { playing, play, stop };
}

/** Plays a sound, or stops it. */
export function SoundButton({ label, address, disabled }: { label: string; address: string; disabled?: boolean }) {
  const { t } = useTranslation();
  const { playing, play, stop } = useSound();
  return playing ? <IconButton label={t("menu.sound.stop")} icon={<Square size={14} />} onClick={stop} /> : <IconButton label={label} icon={<Play size={14} />} disabled={disabled} onClick={() => play(address, [address])} />;
}
