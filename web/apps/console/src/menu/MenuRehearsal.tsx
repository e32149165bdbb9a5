import { hotline, menus, promptSound, type RehearsedAction, type RehearsedStep, type CallMenu, type MenuRehearsal as Asked } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, Input, Pill, Switch } from "@yingda/ui";
import { Clock, Phone, PhoneOff, RotateCcw, UserRound, UserRoundX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Failure, useChange } from "../form/failure";
import { SoundButton, useSound } from "./sound";
import { inputText } from "./words";

const phoneKeys = [..."123456789*0#"];
const world: Omit<Asked, "inputs"> = { number: "13800138000", closed: false, nobody: false, ahead: 2, minutes: 5, tier: "" };

/** Tries a menu as it is being written: keys are pressed, time passes, an agent answers; what is said is read and heard. Nobody is rung. */
export function MenuRehearsal({ menu, onHere }: { menu: CallMenu; onHere: (node?: string) => void }) {
  const { t } = useTranslation();
  const [inputs, setInputs] = useState<string[]>();
  const [given, setGiven] = useState(world);
  const [aloud, setAloud] = useState(false);
  const { play, stop } = useSound();
  const end = useRef<HTMLLIElement>(null);
  const run = useChange((all: string[]) => menus.rehearse(menu, { ...given, inputs: all }), {
    quiet: true,
    onDone: ({ steps }) => {
      const last = steps.at(-1);
      onHere(last && last.phase !== "over" ? last.node : undefined);
      const lines = last?.actions.filter((each) => each.do === "play").flatMap((each) => each.said) ?? [];
      if (aloud && lines.length > 0) play("last", lines.filter(({ mute }) => !mute).map(({ language, key, values }) => promptSound(language, key, values)));
    },
  });
  useEffect(() => () => onHere(undefined), [onHere]);
  const steps = run.data?.steps ?? [];
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" }); // its promise is no clean-up
  }, [steps.length]);
  const last = steps.at(-1);
  const over = last?.phase === "over" && !last.sounds;
  function go(all: string[]) {
    stop();
    setInputs(all);
    run.mutate(all);
  }
  const then = (input: string) => go([...(inputs ?? []), input]);
  const able = last !== undefined && !over && !run.isPending;
  function restart() {
    stop();
    setInputs(undefined);
    run.reset();
    onHere(undefined);
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" size="sm" icon={<Phone size={14} />} onClick={() => go([])} loading={run.isPending && inputs?.length === 0}>
          {inputs ? t("menu.try.again") : t("menu.try.call")}
        </Button>
        {inputs && (
          <Button variant="ghost" size="sm" icon={<RotateCcw size={14} />} onClick={restart}>
            {t("flow.try.restart")}
          </Button>
        )}
        <Switch className="ml-auto" checked={aloud} onChange={setAloud} label={t("menu.try.aloud")} />
      </div>
      <ol aria-live="polite" aria-label={t("menu.try.log")} tabIndex={0} className="scroll flex max-h-96 min-h-40 flex-col gap-2 overflow-y-auto rounded-lg bg-sunk p-3">
        {!inputs && <EmptyState className="py-6" icon={<Phone size={20} />} title={t("menu.try.empty")} detail={t("menu.try.empty_hint")} />}
        {steps.map((step, i) => (
          <li key={i} ref={i === steps.length - 1 ? end : undefined} className="flex flex-col gap-1.5">
            {i > 0 && <p className="max-w-[85%] self-end rounded-xl rounded-br-sm bg-out px-3 py-1 text-sm text-out-fg">{inputText(step.input, steps[i - 1]!)}</p>}
            {step.actions.map((action, j) => (
              <Happened key={j} action={action} />
            ))}
          </li>
        ))}
        {run.isError && <Failure error={run.error} onRetry={() => run.mutate(inputs ?? [])} />}
      </ol>
      {last && (
        <p className="flex flex-wrap items-center gap-1.5 text-2xs text-mut">
          <Pill>{t(`menu.phases.${over ? "over" : last.phase}`)}</Pill>
          <span className="num">{last.node}</span>
        </p>
      )}
      <div className="flex flex-wrap items-start gap-4">
        <div role="group" aria-label={t("menu.try.keypad")} className="grid w-fit grid-cols-3 gap-1.5">
          {phoneKeys.map((key) => (
            <Button key={key} className="num w-12" disabled={!able} onClick={() => then(key)}>
              {key}
            </Button>
          ))}
        </div>
        <div className="flex min-w-40 flex-1 flex-col items-start gap-2">
          <Button icon={<Clock size={14} />} disabled={!able || !(last.sounds || last.due > 0)} onClick={() => then("")}>
            {last?.sounds || !last?.due ? t("menu.try.listen") : t("menu.try.wait", { n: Math.round(last.due) })}
          </Button>
          {last?.phase === "waiting" && (
            <Button icon={<UserRound size={14} />} disabled={!able} onClick={() => then("join 林晓")}>
              {t("menu.try.join")}
            </Button>
          )}
          {last?.phase === "served" && (
            <>
              <Button icon={<UserRound size={14} />} disabled={!able} onClick={() => then("leave")}>
                {t("menu.try.leave")}
              </Button>
              <Button icon={<UserRoundX size={14} />} disabled={!able} onClick={() => then("lose")}>
                {t("menu.try.lose")}
              </Button>
            </>
          )}
          {last?.phase === "asking" && <SimulatedAnswer key={steps.length} menu={menu} step={last} disabled={!able} onAnswer={then} />}
          {(last?.phase === "speaking" || last?.phase === "transferring") && (
            <>
              <Button disabled={!able} onClick={() => then("ok")}>
                {t(`menu.try.ok_${last.phase}`)}
              </Button>
              <Button disabled={!able} onClick={() => then("fail")}>
                {t(`menu.try.fail_${last.phase}`)}
              </Button>
            </>
          )}
          <Button variant="ghost" icon={<PhoneOff size={14} />} disabled={!able} onClick={() => then("hangup")}>
            {t("menu.try.hangup")}
          </Button>
        </div>
      </div>
      <details className="rounded-lg border px-3 py-2">
        <summary className="cursor-pointer text-xs font-medium text-mut">{t("menu.try.world")}</summary>
        <div className="flex flex-col gap-3 pt-3">
          <Field label={t("menu.try.number")} hint={t("menu.try.number_hint")}>
            <Input className="num" maxLength={30} value={given.number} onChange={(event) => setGiven({ ...given, number: event.target.value })} />
          </Field>
          <Field label={t("menu.try.tier")} hint={t("menu.try.tier_hint")}>
            <Input maxLength={40} value={given.tier} onChange={(event) => setGiven({ ...given, tier: event.target.value })} />
          </Field>
          <div className="grid grid-cols-2 gap-3">
            {(["ahead", "minutes"] as const).map((field) => (
              <Field key={field} label={t(`menu.try.${field}`)}>
                <Input type="number" inputMode="numeric" min={0} max={600} value={given[field]} onChange={(event) => setGiven({ ...given, [field]: Math.min(600, Math.max(0, Math.floor(Number(event.target.value)))) })} />
              </Field>
            ))}
          </div>
          <Switch checked={given.closed} onChange={(closed) => setGiven({ ...given, closed })} label={t("menu.try.closed")} />
          <Switch checked={given.nobody} onChange={(nobody) => setGiven({ ...given, nobody })} label={t("menu.try.nobody")} />
          {inputs && (
            <Button size="sm" className="self-start" icon={<RotateCcw size={14} />} onClick={() => go(inputs)} loading={run.isPending}>
              {t("flow.try.again")}
            </Button>
          )}
        </div>
      </details>
    </div>
  );
}

/** What another system answers is said by who tries the call, unless they want it to be asked. */
function SimulatedAnswer({ menu, step, disabled, onAnswer }: { menu: CallMenu; step: RehearsedStep; disabled: boolean; onAnswer: (input: string) => void }) {
  const { t } = useTranslation();
  const [told, setTold] = useState<Record<string, string>>({});
  const node = menu.nodes.find(({ id }) => id === step.node);
  const asks = step.actions.find((action) => action.do === "ask")?.asks ?? {};
  const ask = useChange(() => hotline.tryHook(node?.hook ?? "", asks), { quiet: true, onDone: (tried) => onAnswer(tried.ok ? `ok ${JSON.stringify(tried.values)}` : "fail") });
  return (
    <div className="flex w-full flex-col items-start gap-2">
      {node?.tells?.map((name) => (
        <Field key={name} label={t("menu.try.told_asking", { name })}>
          <Input maxLength={200} value={told[name] ?? ""} onChange={(event) => setTold({ ...told, [name]: event.target.value })} />
        </Field>
      ))}
      <Button disabled={disabled} onClick={() => onAnswer(Object.keys(told).length > 0 ? `ok ${JSON.stringify(told)}` : "ok")}>
        {t("menu.try.ok_asking")}
      </Button>
      <Button disabled={disabled} onClick={() => onAnswer("fail")}>
        {t("menu.try.fail_asking")}
      </Button>
      <Button variant="ghost" disabled={disabled} loading={ask.isPending} onClick={() => ask.mutate(undefined)}>
        {t("menu.try.ask_asking")}
      </Button>
      {ask.isError && <Failure error={ask.error} onRetry={() => ask.mutate(undefined)} />}
    </div>
  );
}

/** One thing that came of it: what is said, with its sound, or what else is done. */
function Happened({ action }: { action: RehearsedAction }) {
  const { t } = useTranslation();
  const lines = action.said.map((line, i) => (
    <div key={i} className="flex max-w-[92%] items-start gap-1 self-start rounded-xl rounded-bl-sm border border-ai-line bg-ai-soft py-1 pr-1 pl-3">
      <p className="flex-1 py-1 text-sm whitespace-pre-wrap">
        {line.text || line.key}
        {line.mute && <Pill tone="bad">{t("menu.prompt.none")}</Pill>}
      </p>
      <SoundButton label={t("menu.sound.play", { name: line.key })} address={promptSound(line.language, line.key, line.values)} disabled={line.mute} />
    </div>
  ));
  if (action.do === "play") return <>{lines}</>;
  if (action.do === "stop") return null;
  const what = [action.queue, action.name, action.number, action.do === "record" ? `${action.seconds} s` : "", action.reason ? t(`menu.reasons.${action.reason as "completed"}`) : ""].filter(Boolean).join(" · ");
  return (
    <>
      <p className="text-2xs text-mut">
        {t(`menu.done.${action.do as "music"}`)} {what}
      </p>
      {lines}
    </>
  );
}
