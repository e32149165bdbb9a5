import { serverNow, verifications, type Factor, type FactorSheet, type ID, type VerificationSheet, type VerifiedAction } from "@yingda/api";
import { t as tr, useTranslation } from "@yingda/i18n";
import { Button, cn, Field, Input, RadioGroup, Textarea } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Check, Lock, ShieldCheck, TriangleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { problem } from "../problem";
import { keys, queryClient } from "../query";
import { clockTime } from "../time";
import { draftOf, type Place } from "./held";
import { Timer } from "./Timer";

interface WizardProps {
  contact: ID;
  action: VerifiedAction;
  place: Place;
  /** Begins at once, for an action that waits for it. */
  begin?: boolean;
  onPassed?: (verification: ID) => void;
}

export function useVerification(contact: ID, action: VerifiedAction) {
  return useQuery({ queryKey: [...keys.verification(contact), action], queryFn: () => verifications.get(contact, action), staleTime: 10_000 });
}

/** Verifies a customer: what to ask for, what the system says of the answer, and how long it takes. */
export function Wizard({ contact, action, place, begin, onPassed }: WizardProps) {
  const sheet = useVerification(contact, action);
  return <Loaded query={sheet}>{(found) => <Steps sheet={found} action={action} place={place} begin={begin} onPassed={onPassed} />}</Loaded>;
}

function Steps({ sheet, action, place, begin, onPassed }: Omit<WizardProps, "contact"> & { sheet: VerificationSheet }) {
  const { t } = useTranslation();
  const contact = sheet.contact_id;
  const keep = (next: VerificationSheet) => queryClient.setQueryData([...keys.verification(contact), action], next);
  const start = useChange(() => verifications.start(contact, { action, ...place }), { quiet: true, onDone: keep });
  const now = sheet.verification;
  const passed = now?.state === "passed" && sheet.verdict.enough;
  const open = now !== undefined && ["started", "factor_asked", "failed"].includes(now.state);
  const locked = sheet.locked_until !== undefined && Date.parse(sheet.locked_until) > serverNow();

  const told = useRef(false);
  useEffect(() => {
    if (!passed || told.current) return;
    told.current = true;
    onPassed?.(now.id);
  }, [passed, now, onPassed]);
  const began = useRef(false);
  useEffect(() => {
    // joining one that goes on tells the server what it is for now
    if (!begin || began.current || passed || locked) return;
    began.current = true;
    start.mutate();
  }, [begin, passed, locked, start]);

  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="text-xs text-mut">{t("verification.for", { action: t(`verification.action.${key(action)}`) })}</p>
      {locked && (
        <Notice tone="bad" icon={<Lock size={14} aria-hidden="true" />} title={t("verification.locked")}>
          <p>{t("verification.locked_until", { time: clockTime(sheet.locked_until!) })}</p>
          <p className="mt-1">{t("verification.advice")}</p>
        </Notice>
      )}
      {passed && (
        <Notice tone="ok" icon={<ShieldCheck size={14} aria-hidden="true" />} title={now.vouched ? t("verification.vouched") : t("verification.passed")}>
          <p>
            {t("verification.until", { time: clockTime(now.until!) })}
            {!now.vouched && now.ended_at && ` · ${t("verification.done_in", { n: Math.round((Date.parse(now.ended_at) - Date.parse(now.started_at)) / 1000) })}`}
          </p>
        </Notice>
      )}
      {!sheet.needs && !open && !passed && <p className="text-xs text-mut">{t("verification.not_needed")}</p>}
      {open && <Asking key={now.id} sheet={sheet} keep={keep} locked={locked} />}
      {!open && !passed && !locked && sheet.needs && (
        <Button variant="primary" className="self-start" icon={<ShieldCheck size={14} aria-hidden="true" />} loading={start.isPending} onClick={() => start.mutate()}>
          {now ? t("verification.again") : t("verification.begin")}
        </Button>
      )}
      {start.error && <Refusal error={start.error} />}
    </div>
  );
}

/** The customer is being asked. */
function Asking({ sheet, keep, locked }: { sheet: VerificationSheet; keep: (next: VerificationSheet) => void; locked: boolean }) {
  const { t } = useTranslation();
  const now = sheet.verification!;
  const contact = sheet.contact_id;
  const useful = sheet.factors.filter((f) => sheet.verdict.missing.includes(f.factor));
  const askable = useful.filter((f) => f.registered);
  const first = (now.factor as Factor | undefined) ?? (askable[0]?.factor as Factor | undefined);
  const [chosen, setChosen] = useState<Factor>();
  const factor = chosen && askable.some((f) => f.factor === chosen) ? chosen : first;
  const [text, setText] = useState(factor ? draftOf.get(contact, factor) : "");
  const [vouching, setVouching] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  const row = sheet.factors.find((f) => f.factor === factor);

  const write = (next: string) => {
    setText(next);
    if (factor) draftOf.set(contact, factor, next);
  };
  const ask = useChange((f: Factor) => verifications.ask(now.id, f), { quiet: true, onDone: keep });
  const answer = useChange((f: Factor) => verifications.answer(now.id, f, text), {
    quiet: true,
    onDone: (next, f) => {
      draftOf.set(contact, f, "");
      setText("");
      setChosen(undefined);
      keep(next);
    },
  });
  const code = useChange(() => verifications.sendCode(now.id, "email"), { quiet: true, onDone: keep });
  const end = useChange(() => verifications.end(now.id), { quiet: true, onDone: keep });

  useEffect(() => {
    if (factor) setText(draftOf.get(contact, factor));
  }, [contact, factor]);
  useEffect(() => {
    if (locked) return;
    const frame = requestAnimationFrame(() => field.current?.querySelector("input")?.focus()); // after a dialog has taken the focus
    return () => cancelAnimationFrame(frame);
  }, [factor, sheet.code, now.failures, locked]);

  function choose(next: Factor) {
    setChosen(next);
    answer.reset();
    if (next !== "code") ask.mutate(next);
  }
  function submit() {
    if (factor && text.trim() && !answer.isPending) answer.mutate(factor);
  }
  const failed = now.state === "failed";
  const error = fieldErrors(answer.error).value;
  return (
    <>
      <Timer startedAt={now.started_at} />
      <ul className="flex flex-wrap gap-x-3 gap-y-1 text-xs">
        {sheet.factors.filter((f) => f.right).map((f) => (
          <li key={f.factor} className="inline-flex items-center gap-1 text-ok">
            <Check size={12} aria-hidden="true" />
            {name(f)}：{t("verification.right")}
          </li>
        ))}
        <li className="text-mut">{t("verification.need", { n: sheet.verdict.short })}</li>
      </ul>
      <div role="status" aria-live="polite">
        {failed && !locked && (
          <Notice tone="warn" icon={<TriangleAlert size={14} aria-hidden="true" />} title={sheet.left === 1 ? t("verification.wrong_last") : t("verification.wrong", { n: sheet.left })}>
            <p>{t("verification.advice")}</p>
          </Notice>
        )}
      </div>
      {!sheet.reachable && <p className="text-xs text-warn">{t("verification.unreachable")}</p>}
      {!locked && useful.length > 0 && (
        <Field group label={t("verification.ask")}>
          <RadioGroup<Factor>
            value={factor}
            onChange={choose}
            choices={useful.map((f) => ({
              value: f.factor as Factor,
              label: name(f),
              disabled: !f.registered,
              hint: !f.registered ? t("verification.unregistered") : f.mask ? t("verification.registered", { mask: f.mask }) : t("verification.registered_hidden"),
            }))}
          />
        </Field>
      )}
      {!locked && factor && row && (
        <form
          className="flex flex-col gap-2"
          onSubmit={(e) => {
            e.preventDefault();
            submit();
          }}
        >
          {factor === "code" && (
            <div className="flex flex-col items-start gap-1">
              <Button size="sm" loading={code.isPending} onClick={() => code.mutate()}>
                {sheet.code ? t("verification.send_again") : t("verification.send_code", { to: row.mask })}
              </Button>
              {sheet.code && <p className="text-xs text-mut">{t("verification.code_sent", { to: sheet.code.to, time: clockTime(sheet.code.expires_at) })}</p>}
              {code.error && <Refusal error={code.error} />}
            </div>
          )}
          {(factor !== "code" || sheet.code) && (
            <div ref={field}>
              <Field label={row.tail ? t("verification.value_tail", { factor: name(row), n: row.tail }) : t("verification.value", { factor: name(row) })} hint={t("verification.value_hint")} error={error}>
                <Input value={text} maxLength={80} autoComplete="off" spellCheck={false} onChange={(e) => write(e.target.value)} />
              </Field>
            </div>
          )}
          {answer.error && !error && <Refusal error={answer.error} />}
          {(factor !== "code" || sheet.code) && (
            <Button type="submit" variant="primary" className="self-start" loading={answer.isPending}>
              {t("verification.check")}
            </Button>
          )}
        </form>
      )}
      <div className="flex flex-wrap items-center gap-2 border-t pt-2">
        <span className="mr-auto text-2xs text-faint">{t("verification.by", { name: now.agent_name })}</span>
        {sheet.may_vouch && (
          <Button size="sm" aria-expanded={vouching} onClick={() => setVouching(!vouching)}>
            {t("verification.vouch")}
          </Button>
        )}
        <Button size="sm" loading={end.isPending} onClick={() => end.mutate()}>
          {t("verification.end")}
        </Button>
      </div>
      {vouching && <Vouch id={now.id} keep={keep} />}
    </>
  );
}

function Vouch({ id, keep }: { id: ID; keep: (next: VerificationSheet) => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const vouch = useChange(() => verifications.vouch(id, reason), { quiet: true, onDone: keep });
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(e) => {
        e.preventDefault();
        vouch.mutate();
      }}
    >
      <Field label={t("verification.vouch_reason")} hint={t("verification.vouch_hint")} required error={fieldErrors(vouch.error).reason}>
        <Textarea minRows={2} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
      {vouch.error && !fieldErrors(vouch.error).reason && <Refusal error={vouch.error} />}
      <Button type="submit" size="sm" className="self-start" loading={vouch.isPending}>
        {t("verification.vouch_do")}
      </Button>
    </form>
  );
}

function Refusal({ error }: { error: unknown }) {
  return (
    <p role="alert" className="text-xs text-bad">
      {problem(error).text}
    </p>
  );
}

const tones = { ok: "border-ok/40 text-ok", warn: "border-note-line bg-note", bad: "border-bad/40 text-bad" };

function Notice({ tone, icon, title, children }: { tone: keyof typeof tones; icon: React.ReactNode; title: string; children: React.ReactNode }) {
  return (
    <div role={tone === "bad" ? "alert" : undefined} className={cn("rounded-lg border px-3 py-2", tones[tone])}>
      <p className="flex items-center gap-1.5 font-medium">
        {icon}
        {title}
      </p>
      <div className="mt-0.5 text-xs text-fg">{children}</div>
    </div>
  );
}

function key(action: VerifiedAction) {
  return action.replace(".", "_") as "contact_reveal" | "contact_change" | "account_unlock" | "compensation_accept";
}

function name(f: FactorSheet): string {
  return tr(`verification.factor.${f.factor as Factor}`);
}
