import type { QuestionDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Field, Input, Pill, Textarea } from "@yingda/ui";

const days = ["valid_from", "valid_until", "review_on"] as const;

interface ValidityFieldsProps {
  draft: QuestionDraft;
  errors: Record<string, string>;
  readOnly: boolean;
  onChange: (some: Partial<QuestionDraft>) => void;
}

/** From when until when a question is answered, and when somebody looks at it again. */
export function ValidityFields({ draft, errors, readOnly, onChange }: ValidityFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {days.map((day) => (
        <Field key={day} label={t(`knowledge.life.${day}`)} hint={t(`knowledge.life.${day}_hint`)} error={errors[day]}>
          <Input type="date" value={draft[day] ?? ""} readOnly={readOnly} onChange={(e) => onChange({ [day]: e.target.value || undefined })} />
        </Field>
      ))}
    </div>
  );
}

const channels = ["webchat", "wechat", "sms", "email", "phone"] as const;

interface ChannelAnswersProps {
  answers: Record<string, string>;
  error?: string;
  readOnly: boolean;
  onChange: (answers: Record<string, string>) => void;
}

/** What is said on a channel instead of the answer; empty: the answer. */
export function ChannelAnswers({ answers, error, readOnly, onChange }: ChannelAnswersProps) {
  const { t } = useTranslation();
  const used = channels.filter((channel) => answers[channel]?.trim()).length;
  return (
    <details className="rounded-lg border px-3 py-2" open={Boolean(error) || undefined}>
      <summary className="cursor-default text-xs font-medium text-mut">
        {t("knowledge.channels.title")} {used > 0 && <Pill tone="brand">{t("knowledge.channels.used", { n: used })}</Pill>}
      </summary>
      <div className="mt-3 flex flex-col gap-3">
        {channels.map((channel) => (
          <Field key={channel} label={t(`knowledge.channels.${channel}`)} error={error}>
            <Textarea minRows={1} maxRows={8} maxLength={5000} readOnly={readOnly} value={answers[channel] ?? ""} placeholder={t("knowledge.channels.same")} onChange={(e) => onChange({ ...answers, [channel]: e.target.value })} />
          </Field>
        ))}
      </div>
    </details>
  );
}
