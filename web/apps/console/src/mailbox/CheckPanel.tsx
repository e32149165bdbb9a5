import { mailboxes, type MailboxTried, type MailStep } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Section } from "@yingda/ui";
import { Check, CircleDashed, PlugZap, X } from "lucide-react";
import { useChange } from "../form/failure";
import { problem } from "../problem";
import { useLang } from "../case/lang";

const all: readonly MailStep["name"][] = ["login", "folder", "idle", "sign_in", "send", "loop"];

/** Tries a mailbox as the form holds it, and shows each step with what to do where it failed. */
export function CheckPanel({ tried, onErrors }: { tried: () => MailboxTried; onErrors?: (error: unknown) => void }) {
  const { t } = useTranslation();
  const check = useChange(() => mailboxes.check(tried()), { quiet: true, onFail: onErrors });
  const steps = check.data?.steps;
  const failed = steps?.some((step) => !step.works);
  return (
    <Section
      title={t("mailbox.check")}
      description={t("mailbox.check_hint")}
      actions={
        <Button icon={<PlugZap size={14} aria-hidden="true" />} loading={check.isPending} onClick={() => check.mutate()}>
          {t("mailbox.check_run")}
        </Button>
      }
    >
      <p role="status" className="mb-2 text-sm">
        {check.isPending ? t("mailbox.checking") : check.error ? <span className="text-bad">{problem(check.error).text}</span> : steps && <span className={failed ? "text-bad" : "text-ok"}>{failed ? t("mailbox.check_failed") : t("mailbox.check_passed")}</span>}
      </p>
      {steps && !check.isPending && (
        <ol className="flex flex-col divide-y rounded-lg border">
          {all.map((name) => (
            <StepRow key={name} name={name} step={steps.find((step) => step.name === name)} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function StepRow({ name, step }: { name: MailStep["name"]; step?: MailStep }) {
  const { t } = useTranslation();
  const lang = useLang();
  const tone = !step ? "text-faint" : step.works ? "text-ok" : "text-bad";
  const Icon = !step ? CircleDashed : step.works ? Check : X;
  return (
    <li className="flex items-start gap-3 px-3 py-2 text-sm">
      <Icon size={15} aria-hidden="true" className={`mt-0.5 shrink-0 ${tone}`} />
      <div className="min-w-0 flex-1">
        <p>
          {t(`mailbox.check_step.${name}`)} <span className={`text-xs ${step ? tone : "text-mut"}`}>{!step ? t("mailbox.check_not") : step.works ? t("mailbox.check_ok") : t("mailbox.check_bad")}</span>
        </p>
        {step && !step.works && step.why && <p className="text-xs">{step.why[lang]}</p>}
        {step?.detail && <p className="text-xs break-words text-mut">{step.works ? step.detail : t("mailbox.said", { text: step.detail })}</p>}
      </div>
    </li>
  );
}
