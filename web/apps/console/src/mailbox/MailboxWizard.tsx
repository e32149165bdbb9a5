import { useQuery } from "@tanstack/react-query";
import { mailboxes, type MailGuess } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, IconButton, Input, PageHeader, Section, Select, isComposing } from "@yingda/ui";
import { ArrowLeft, CircleCheck } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { LeaveGuard } from "../form/LeaveGuard";
import { Failure, fieldErrors, focusMistake, useChange } from "../form/failure";
import { problem } from "../problem";
import { queryClient } from "../query";
import { useLang } from "../case/lang";
import { inboxesKey } from "../settings/inboxes";
import { CheckPanel } from "./CheckPanel";
import { GrantPart } from "./GrantPart";
import { changeOf, draftFrom, looksLikeAddress, mailboxesKey, type MailboxDraft } from "./form";
import { HandlingPart, PasswordsPart, ReceiptPart, ServersPart, type PartProps } from "./parts";

const steps = ["address", "signin", "check", "handling", "done"] as const;
type Step = (typeof steps)[number];

/** A new mailbox, step by step: who it is with, how we get in, whether it works, what becomes of its mail. */
export function MailboxWizard({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>("address");
  const [address, setAddress] = useState("");
  const [guess, setGuess] = useState<MailGuess>();
  const [draft, setDraft] = useState<MailboxDraft>();
  const set = (change: Partial<MailboxDraft>) => setDraft((held) => held && { ...held, ...change });
  const add = useChange((as: MailboxDraft) => mailboxes.add(changeOf(as)), {
    stale: [mailboxesKey, inboxesKey],
    quiet: true,
    onDone: () => setStep("done"),
    onFail(error) {
      const fields = Object.keys(fieldErrors(error));
      if (fields.some((field) => field === "address" || field.endsWith("_password") || field.includes(".server"))) setStep("signin");
      focusMistake();
    },
  });
  // A mailbox that signs in at its provider is kept first; nothing of it runs yet.
  const keep = async () => {
    if (!draft) throw new Error("there is no mailbox to keep");
    const kept = await mailboxes.add(changeOf({ ...draft, enabled: false }));
    void queryClient.invalidateQueries({ queryKey: mailboxesKey });
    return kept;
  };
  const at = steps.indexOf(step);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (step !== "address") heading.current?.focus();
  }, [step]);
  const part: PartProps | undefined = draft && { draft, set, errors: fieldErrors(add.error) };
  const secretName = useSecretName(guess);
  const byGrant = draft?.settings.fetch.server.auth === "oauth";
  return (
    <>
      <LeaveGuard dirty={step !== "done" && Boolean(draft)} />
      <PageHeader before={<IconButton label={t("mailbox.back")} icon={<ArrowLeft size={17} />} onClick={onClose} className="-ml-1" />} title={t("mailbox.add")} />
      <Progress step={step} />
      <h2 ref={heading} tabIndex={-1} className="mb-3 text-sm font-semibold outline-none">
        {t("mailbox.step_of", { n: at + 1, all: steps.length, name: t(`mailbox.steps.${step}`) })}
      </h2>
      {step === "address" && (
        <AddressStep
          address={address}
          onAddress={setAddress}
          guess={guess}
          onGuess={(next) => {
            setGuess(next);
            setDraft(draftFrom(next, address, draft));
          }}
          onNext={() => setStep("signin")}
        />
      )}
      {step === "signin" && part && (
        <>
          <Section title={guess ? undefined : t("mailbox.steps.signin")}>
            {guess && <Before of={guess} />}
            {part.errors["address"] && <p role="alert" className="mb-3 text-xs text-bad">{part.errors["address"]}</p>}
            <PasswordsPart {...part} secretName={secretName} />
          </Section>
          {byGrant && <GrantPart provider={guess?.service.oauth} keep={keep} />}
          <Section title={t("mailbox.servers")} description={t("mailbox.servers_hint")}>
            <ServersPart {...part} />
          </Section>
        </>
      )}
      {step === "check" && draft && (
        <>
          <CheckPanel tried={() => changeOf(draft)} />
          <p className="mb-4 text-xs text-mut">{t("mailbox.check_skip")}</p>
        </>
      )}
      {step === "handling" && part && (
        <>
          <HandlingPart {...part} brief />
          <ReceiptPart {...part} />
          {add.error && <p role="alert" className="mb-3 text-sm text-bad">{problem(add.error).text}</p>}
        </>
      )}
      {step === "done" && draft && (
        <EmptyState
          icon={<CircleCheck size={20} />}
          title={t("mailbox.done_title", { address: draft.address })}
          detail={t("mailbox.done_hint")}
          action={
            <Button variant="primary" onClick={onClose}>
              {t("mailbox.to_list")}
            </Button>
          }
        />
      )}
      {at > 0 && step !== "done" && draft && (
        <div className="flex items-center gap-2">
          <Button onClick={() => setStep(steps[at - 1] ?? "address")}>{t("mailbox.previous")}</Button>
          {step === "handling" ? (
            <Button variant="primary" loading={add.isPending} onClick={() => add.mutate(draft)}>
              {t("mailbox.finish")}
            </Button>
          ) : (
            <Button variant="primary" onClick={() => setStep(steps[at + 1] ?? "done")}>
              {t("mailbox.next")}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function useSecretName(guess: MailGuess | undefined) {
  return guess?.service.secret?.[useLang()];
}

/** What has to be done at the provider before it lets us in. */
function Before({ of }: { of: MailGuess }) {
  const lang = useLang();
  return (
    <div className="mb-4 rounded-lg border bg-raise px-4 py-3 text-sm">
      <p className="font-medium">{of.service.name[lang]}</p>
      <p className="text-mut">{of.service.before[lang]}</p>
    </div>
  );
}

function Progress({ step }: { step: Step }) {
  const { t } = useTranslation();
  const at = steps.indexOf(step);
  return (
    <ol aria-hidden="true" className="mb-4 flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {steps.map((name, i) => (
        <li key={name} className={i === at ? "font-medium text-fg" : i < at ? "text-ok" : "text-mut"}>
          {i + 1}. {t(`mailbox.steps.${name}`)}
        </li>
      ))}
    </ol>
  );
}

interface AddressStepProps {
  address: string;
  onAddress: (address: string) => void;
  guess?: MailGuess;
  onGuess: (guess: MailGuess) => void;
  onNext: () => void;
}

function AddressStep({ address, onAddress, guess, onGuess, onNext }: AddressStepProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const services = useQuery({ queryKey: [...mailboxesKey, "services"], queryFn: mailboxes.services, staleTime: Infinity });
  const known = useRef(guess ? address : "");
  const [wrong, setWrong] = useState(false);
  const ask = useChange((service?: string) => mailboxes.guess(address.trim(), service), {
    quiet: true,
    onDone(next) {
      known.current = address;
      onGuess(next);
    },
  });
  const good = looksLikeAddress(address);
  const current = guess !== undefined && known.current === address;
  async function go() {
    setWrong(!good);
    if (!good) return focusMistake();
    if (!current) await ask.mutateAsync(undefined);
    onNext();
  }
  return (
    <Section>
      <div className="flex max-w-md flex-col gap-4">
        <Field label={t("mailbox.address")} hint={t("mailbox.address_hint")} error={wrong && !good ? t("mailbox.address_wrong") : undefined} required>
          <Input
            type="email"
            autoFocus
            value={address}
            maxLength={254}
            spellCheck={false}
            placeholder="support@example.cn"
            onChange={(e) => onAddress(e.target.value)}
            onBlur={() => good && !current && !ask.isPending && ask.mutate(undefined)}
            onKeyDown={(e) => e.key === "Enter" && !isComposing(e) && void go()}
          />
        </Field>
        <p role="status" className="text-xs text-mut empty:hidden">{ask.isPending ? t("mailbox.guessing") : ""}</p>
        {guess && (
          <Field label={t("mailbox.service")} hint={t("mailbox.service_hint")}>
            <Select value={guess.service.code} onChange={(code) => ask.mutate(code)} options={(services.data?.items ?? [guess.service]).map((each) => ({ value: each.code, label: each.name[lang] }))} />
          </Field>
        )}
        {ask.error && <Failure error={ask.error} onRetry={() => ask.mutate(undefined)} retrying={ask.isPending} />}
        <Button variant="primary" className="self-start" loading={ask.isPending} onClick={() => void go()}>
          {t("mailbox.next")}
        </Button>
      </div>
    </Section>
  );
}
