import { useQuery } from "@tanstack/react-query";
import { clipSound, promptSound, prompts, type Prompt, type PromptClip } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Dialog, EmptyState, Field, IconButton, Input, PageHeader, Pill, Segmented, Textarea, useToast } from "@yingda/ui";
import { Circle, Mic, Pencil, Plus, RotateCcw, Search, Square, Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { menuKeys } from "./keys";
import { SoundButton } from "./sound";
import { asWav } from "./wav";

type Shown = "prompts" | "words";

/** Everything that callers hear: the words, the sound of each part, and what was recorded here. */
export default function PromptsSection() {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown>("prompts");
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<string>();
  const [wording, setWording] = useState<Prompt | "new">();
  const query = useQuery({ queryKey: menuKeys.prompts, queryFn: prompts.all });
  const sought = search.trim().toLowerCase();
  const fits = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(sought));
  return (
    <>
      <PageHeader
        title={t("settings.sections.prompts")}
        description={t("menu.prompt.about")}
        actions={
          <Button variant="primary" icon={<Plus size={14} />} onClick={() => setWording("new")}>
            {t("menu.prompt.new")}
          </Button>
        }
      />
      <div className="flex flex-wrap items-center gap-3 pb-3">
        <Segmented<Shown> label={t("menu.prompt.shown")} value={shown} onChange={setShown} choices={(["prompts", "words"] as const).map((value) => ({ value, label: t(`menu.prompt.${value}`) }))} />
        <span className="relative min-w-48 flex-1">
          <Search size={14} aria-hidden="true" className="absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
          <Input className="pl-8" aria-label={t("menu.prompt.search")} placeholder={t("menu.prompt.search")} value={search} onChange={(event) => setSearch(event.target.value)} />
        </span>
      </div>
      <Loaded query={query}>
        {(book) => {
          const some = shown === "prompts" ? book.prompts.filter((each) => fits(each.key, each.zh, each.en)) : [];
          const words = shown === "words" ? book.words.filter((each) => fits(each.clip, each.text)) : [];
          if (some.length + words.length === 0) return <EmptyState icon={<Search size={20} />} title={t("menu.prompt.not_found")} />;
          return (
            <ul className="overflow-hidden rounded-xl border bg-panel">
              {some.map((each) => (
                <li key={each.key} className="border-b last:border-b-0">
                  <PromptRow prompt={each} open={each.key === open} onOpen={(on) => setOpen(on ? each.key : undefined)} onWord={() => setWording(each)} />
                </li>
              ))}
              {words.map((each) => (
                <li key={`${each.language} ${each.clip}`} className="border-b px-4 py-1.5 last:border-b-0">
                  <ClipRow clip={each} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      {wording && <WordDialog prompt={wording === "new" ? undefined : wording} onClose={() => setWording(undefined)} onDone={(key) => setOpen(key)} />}
    </>
  );
}

function PromptRow({ prompt, open, onOpen, onWord }: { prompt: Prompt; open: boolean; onOpen: (on: boolean) => void; onWord: () => void }) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const [dropping, setDropping] = useState(false);
  const drop = useChange(() => prompts.drop(prompt.key, prompt.rev), { done: prompt.shipped ? t("menu.prompt.reset_done") : t("menu.prompt.removed"), stale: [menuKeys.prompts, menuKeys.all] });
  const recorded = prompt.clips.some(({ sound }) => sound === "own");
  const mute = prompt.clips.some(({ sound }) => sound === "none");
  const stale = prompt.clips.some((clip) => clip.stale && clip.sound !== "none");
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
        <button type="button" aria-expanded={open} onClick={() => onOpen(!open)} className="min-w-0 flex-1 basis-60 text-left hover:underline">
          <span className="num block truncate text-2xs text-mut">{prompt.key}</span>
          <span className="line-clamp-2 text-sm">{prompt[lang] || prompt.zh || prompt.en}</span>
        </button>
        {mute && <Pill tone="bad">{t("menu.prompt.none")}</Pill>}
        {stale && <Pill tone="warn">{t("menu.prompt.stale")}</Pill>}
        {(prompt.own || recorded) && <Pill tone="brand">{t("menu.prompt.own")}</Pill>}
        <SoundButton label={t("menu.sound.play", { name: prompt.key })} address={promptSound(prompt[lang] ? lang : prompt.zh ? "zh" : "en", prompt.key)} />
      </div>
      {open && (
        <div className="flex flex-col gap-2 border-t bg-sunk px-4 py-3">
          {prompt.clips.map((clip) => (
            <ClipRow key={`${clip.language} ${clip.clip}`} clip={clip} />
          ))}
          {prompt.slots.length > 0 && <p className="text-xs text-mut">{t("menu.prompt.slots", { names: prompt.slots.map(({ name }) => name).join("、") })}</p>}
          {prompt.menus.length > 0 && <p className="text-xs text-mut">{t("menu.prompt.said_by", { names: prompt.menus.join("、") })}</p>}
          <div className="flex flex-wrap gap-2">
            <Button size="sm" icon={<Pencil size={13} />} onClick={onWord}>
              {t("menu.prompt.word")}
            </Button>
            {(prompt.own || recorded) && (
              <Button size="sm" variant="ghost" icon={<RotateCcw size={13} />} onClick={() => setDropping(true)}>
                {prompt.shipped ? t("menu.prompt.reset") : t("menu.prompt.drop")}
              </Button>
            )}
          </div>
        </div>
      )}
      <ConfirmDialog
        open={dropping}
        onOpenChange={setDropping}
        title={prompt.shipped ? t("menu.prompt.reset") : t("menu.prompt.drop")}
        description={prompt.shipped ? t("menu.prompt.reset_hint") : t("menu.prompt.drop_hint")}
        confirmLabel={prompt.shipped ? t("menu.prompt.reset") : t("menu.prompt.drop")}
        danger
        onConfirm={() => drop.mutateAsync()}
      />
    </div>
  );
}

/** One sound: heard, recorded by the microphone, uploaded, or taken back. */
function ClipRow({ clip }: { clip: PromptClip }) {
  const { t } = useTranslation();
  const stale = [menuKeys.prompts, menuKeys.all];
  const keep = useChange((file: Blob) => prompts.record(clip.language, clip.clip, file), { done: t("menu.prompt.recorded"), stale });
  const back = useChange(() => prompts.takeBack(clip.language, clip.clip), { done: t("menu.prompt.reset_done"), stale });
  const picked = useRef<HTMLInputElement>(null);
  const name = `${clip.clip} ${clip.language}`;
  return (
    <div role="group" aria-label={name} className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="min-w-0 flex-1 basis-52">
        <span className="num block truncate text-2xs text-mut">
          {clip.clip} · {clip.language === "both" ? t("menu.prompt.both") : t(`common.language.${clip.language as "zh"}`)}
          {clip.sound === "own" && ` · ${clip.seconds.toFixed(1)} s · ${clip.by_name ?? ""}`}
        </span>
        <span lang={clip.language === "zh" ? "zh-CN" : clip.language === "en" ? "en" : undefined} className="block text-xs">
          {clip.text || t("menu.prompt.music")}
        </span>
      </span>
      {clip.sound === "none" && <Pill tone="bad">{t("menu.prompt.none")}</Pill>}
      {clip.stale && clip.sound !== "none" && <Pill tone="warn">{t("menu.prompt.stale")}</Pill>}
      {clip.sound === "own" && <Pill tone="brand">{t("menu.prompt.own_sound")}</Pill>}
      <SoundButton key={`${clip.at ?? ""}`} label={t("menu.sound.play", { name })} address={`${clipSound(clip.language, clip.clip)}?at=${encodeURIComponent(clip.at ?? "")}`} disabled={clip.sound === "none"} />
      <RecordButton name={name} onDone={(file) => keep.mutate(file)} disabled={keep.isPending} />
      <input
        ref={picked}
        type="file"
        accept=".wav,audio/wav,audio/x-wav"
        aria-label={t("menu.prompt.upload", { name })}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) keep.mutate(file);
          event.target.value = "";
        }}
      />
      <IconButton label={t("menu.prompt.upload", { name })} icon={<Upload size={14} />} disabled={keep.isPending} onClick={() => picked.current?.click()} />
      {clip.sound === "own" && <IconButton label={t("menu.prompt.take_back", { name })} icon={<RotateCcw size={14} />} disabled={back.isPending} onClick={() => back.mutate()} />}
    </div>
  );
}

const longest = 60_000;

/** Records by the microphone; pressed again, it is kept. */
function RecordButton({ name, onDone, disabled }: { name: string; onDone: (file: Blob) => void; disabled?: boolean }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [on, setOn] = useState(false);
  const [seconds, setSeconds] = useState(0);
  const recorder = useRef<MediaRecorder>(undefined);
  const leave = () => recorder.current?.stream.getTracks().forEach((track) => track.stop());
  useEffect(() => leave, []);
  useEffect(() => {
    if (!on) return;
    setSeconds(0);
    const each = setInterval(() => setSeconds((n) => n + 1), 1000);
    return () => clearInterval(each);
  }, [on]);
  async function begin() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false } });
      const parts: Blob[] = [];
      const one = new MediaRecorder(stream);
      recorder.current = one;
      one.ondataavailable = ({ data }) => parts.push(data);
      one.onstop = () => {
        leave();
        setOn(false);
        asWav(new Blob(parts, { type: one.mimeType })).then(onDone, () => toast({ text: t("menu.prompt.unread"), tone: "bad" }));
      };
      one.start();
      setTimeout(() => one.state === "recording" && one.stop(), longest);
      setOn(true);
    } catch {
      toast({ text: t("menu.prompt.no_microphone"), tone: "bad" });
    }
  }
  return on ? (
    <>
      <span className="num self-center text-xs text-bad">{seconds} s</span>
      <IconButton label={t("menu.prompt.stop", { name })} icon={<Square size={14} className="text-bad" />} onClick={() => recorder.current?.stop()} />
    </>
  ) : (
    <IconButton label={t("menu.prompt.record", { name })} icon={disabled ? <Circle size={14} /> : <Mic size={14} />} disabled={disabled} onClick={() => void begin()} />
  );
}

function WordDialog({ prompt, onClose, onDone }: { prompt?: Prompt; onClose: () => void; onDone: (key: string) => void }) {
  const { t } = useTranslation();
  const [key, setKey] = useState(prompt?.key ?? "");
  const [zh, setZh] = useState(prompt?.zh ?? "");
  const [en, setEn] = useState(prompt?.en ?? "");
  const keep = useChange(() => prompts.word(key, prompt?.rev ?? 0, zh.trim(), en.trim()), {
    done: t("menu.prompt.worded"),
    stale: [menuKeys.prompts, menuKeys.all],
    onDone: () => {
      onDone(key);
      onClose();
    },
  });
  const ready = Boolean(key && (zh.trim() || en.trim()));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={prompt ? t("menu.prompt.word") : t("menu.prompt.new")}
      description={t("menu.prompt.word_hint")}
      onSubmit={() => ready && keep.mutate()}
      footer={
        <Button type="submit" variant="primary" disabled={!ready} loading={keep.isPending}>
          {t("menu.prompt.keep")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        {!prompt && (
          <Field label={t("flow.id")} hint={t("menu.prompt.key_hint")} required>
            <Input className="num" maxLength={60} spellCheck={false} value={key} onChange={(event) => setKey(event.target.value.toLowerCase().replace(/[^a-z0-9_.]/g, "_"))} />
          </Field>
        )}
        <Field label={t("menu.prompt.says")} aside={t("common.language.zh")} hint={t("menu.prompt.slot_hint")}>
          <Textarea lang="zh-CN" minRows={2} maxLength={300} value={zh} onChange={(event) => setZh(event.target.value)} />
        </Field>
        <Field label={t("menu.prompt.says")} aside={t("common.language.en")}>
          <Textarea lang="en" minRows={2} maxLength={900} value={en} onChange={(event) => setEn(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
