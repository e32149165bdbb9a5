import { calls } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, Field, IconButton, Input, Select, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { BellRing, Phone, PhoneOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useExternal } from "../external";
import { beep } from "../live/alert";
import { problem } from "../problem";
import { can, useMe } from "../query";
import { choose, connect, devices, disconnect, level, line, want, type Devices } from "./line";

/** Connects the telephone, chooses devices, and calls somebody. */
export default function PhonePanel({ onDialled }: { onDialled: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useExternal(line, (l) => l);
  const on = now.state === "connected" || now.state === "lost";
  return (
    <>
      <div className="flex flex-col gap-2 border-b px-4 py-3">
        <h2 className="font-semibold">{t("phone.title")}</h2>
        <p role="status" className={cn("text-sm", now.state === "connected" ? "text-ok" : now.state === "lost" ? "text-bad" : "text-mut")}>
          {t(`phone.state.${now.state}`)}
        </p>
        {now.trouble && (
          <p role="alert" className="text-xs text-bad">
            {t(`phone.trouble.${now.trouble}`, { why: now.said ?? "" })}
          </p>
        )}
        {!on && <p className="text-xs text-mut">{t("phone.why")}</p>}
        {on ? (
          <Button icon={<PhoneOff size={14} aria-hidden="true" />} onClick={() => void disconnect()}>
            {t("phone.disconnect")}
          </Button>
        ) : (
          <Button variant="primary" icon={<Phone size={14} aria-hidden="true" />} loading={now.state === "connecting"} onClick={() => void connect()}>
            {t(now.state === "elsewhere" ? "phone.connect_here" : "phone.connect")}
          </Button>
        )}
        {now.state === "connected" && <LineQuality />}
      </div>
      {on && <DevicesForm />}
      {on && can(me, "conversation.reply") && <Dial onDialled={onDialled} />}
    </>
  );
}

function LineQuality() {
  const { t } = useTranslation();
  const q = useExternal(line, (l) => l.quality);
  if (!q) return null;
  const figures = { loss: (q.loss * 100).toFixed(1), jitter: Math.round(q.jitter), trip: Math.round(q.roundTrip ?? 0) };
  return (
    <p className="num text-2xs text-mut">
      <span className={cn("font-medium", q.grade === "good" ? "text-ok" : q.grade === "fair" ? "text-warn" : "text-bad")}>{t(`phone.quality.${q.grade}`)}</span> · {t(q.roundTrip === undefined ? "phone.figures" : "phone.figures_trip", figures)}
    </p>
  );
}

function DevicesForm() {
  const { t } = useTranslation();
  const { microphones, speakers } = useExternal(line, (l) => l);
  const chosen = useExternal(devices, (d) => d);
  useEffect(() => {
    want("panel", true);
    return () => want("panel", false);
  }, []);
  const options = (all: MediaDeviceInfo[]) => [
    { value: "", label: t("phone.usual") },
    ...all.filter((d) => d.deviceId !== "" && d.deviceId !== "default" && d.deviceId !== "communications").map((d, i) => ({ value: d.deviceId, label: d.label || t("phone.unnamed", { n: i + 1 }) })),
  ];
  const pick = (which: keyof Devices, all: MediaDeviceInfo[]) => {
    const list = options(all);
    const value = chosen[which] ?? "";
    return <Select options={list} value={list.some((o) => o.value === value) ? value : ""} onChange={(id) => void choose({ [which]: id || undefined })} />;
  };
  return (
    <div className="flex flex-col gap-3 border-b px-4 py-3">
      <Field label={t("phone.microphone")}>{pick("microphone", microphones)}</Field>
      <LevelMeter />
      {speakers.length > 0 && (
        <>
          <Field label={t("phone.speaker")}>{pick("speaker", speakers)}</Field>
          <div className="flex items-end gap-2">
            <Field label={t("phone.ringer")} className="flex-1">
              {pick("ringer", speakers)}
            </Field>
            <IconButton variant="default" label={t("phone.try_ring")} icon={<BellRing size={15} />} onClick={() => beep("call")} className="size-8" />
          </div>
        </>
      )}
    </div>
  );
}

function LevelMeter() {
  const { t } = useTranslation();
  const loud = useExternal(level, (l) => Math.round(l * 20));
  return (
    <div role="meter" aria-label={t("phone.level")} aria-valuemin={0} aria-valuemax={20} aria-valuenow={loud} className="h-1.5 overflow-hidden rounded-full bg-line2">
      <div className={cn("h-full rounded-full transition-[width] duration-100", loud > 18 ? "bg-warn-dot" : "bg-ok-dot")} style={{ width: `${loud * 5}%` }} />
    </div>
  );
}

/** A number as people write it, or nothing that one can call. */
const callable = (number: string) => /^\+?[\d\s()-]{3,24}$/.test(number.trim());

function Dial({ onDialled }: { onDialled: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [number, setNumber] = useState("");
  const [checked, setChecked] = useState(false);
  const dial = useMutation({
    mutationFn: () => calls.dial(number.trim()),
    onSuccess() {
      toast({ text: t("phone.dial.done", { number: number.trim() }), tone: "ok" });
      onDialled();
    },
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  return (
    <form
      className="flex items-end gap-2 px-4 py-3"
      onSubmit={(e) => {
        e.preventDefault();
        setChecked(true);
        if (callable(number) && !dial.isPending) dial.mutate();
      }}
    >
      <Field label={t("phone.dial.label")} error={checked && !callable(number) ? t("phone.dial.wrong") : undefined} className="flex-1">
        <Input type="tel" autoComplete="off" value={number} onChange={(e) => setNumber(e.target.value)} />
      </Field>
      <Button type="submit" variant="primary" loading={dial.isPending} icon={<Phone size={14} aria-hidden="true" />}>
        {t("phone.dial.submit")}
      </Button>
    </form>
  );
}
