import type { Bilingual, Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Field, Input, Textarea } from "@yingda/ui";

export interface BilingualFieldProps {
  label: string;
  hint?: string;
  value: Bilingual;
  onChange: (value: Bilingual) => void;
  /** Lines instead of one line. */
  long?: boolean;
  maxLength?: number;
  errors?: Partial<Record<Lang, string>>;
  disabled?: boolean;
}

/** The same text in Chinese and in English, side by side. */
export function BilingualField({ label, hint, value, onChange, long, maxLength, errors, disabled }: BilingualFieldProps) {
  const { t } = useTranslation();
  return (
    <div role="group" aria-label={label} className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
      {(["zh", "en"] as const).map((lang) => {
        const shared = {
          lang: lang === "zh" ? "zh-CN" : "en",
          value: value[lang],
          maxLength,
          disabled,
          onChange: (event: { target: { value: string } }) => onChange({ ...value, [lang]: event.target.value }),
        };
        return (
          <Field key={lang} label={label} aside={t(`common.language.${lang}`)} hint={lang === "zh" ? hint : undefined} error={errors?.[lang]}>
            {long ? <Textarea minRows={2} {...shared} /> : <Input {...shared} />}
          </Field>
        );
      })}
    </div>
  );
}
