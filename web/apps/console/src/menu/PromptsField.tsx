import { promptSound, type Prompt } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Combobox, Field, IconButton, Pill } from "@yingda/ui";
import { ArrowUp, X } from "lucide-react";
import { SoundButton } from "./sound";

export interface PromptsFieldProps {
  label: string;
  hint?: string;
  all: readonly Prompt[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** No more than one can be chosen. */
  single?: boolean;
  disabled?: boolean;
}

/** The prompts that are said, one after another; each can be heard. */
export function PromptsField({ label, hint, all, value, onChange, single, disabled }: PromptsFieldProps) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const words = (prompt?: Prompt) => (prompt && (prompt[lang] || prompt.zh || prompt.en)) || "";
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-1.5">
      <span aria-hidden="true" className="text-xs font-medium text-mut">
        {label}
      </span>
      {value.map((key, i) => {
        const prompt = all.find((each) => each.key === key);
        return (
          <div key={`${key} ${i}`} className="flex items-start gap-1 rounded-lg border py-1 pr-1 pl-2.5">
            <span className="min-w-0 flex-1">
              <span className="num block truncate text-2xs text-faint">{key}</span>
              <span className="line-clamp-2 text-xs">{words(prompt)}</span>
              {(!prompt || prompt.clips.some(({ sound }) => sound === "none")) && <Pill tone="bad">{t("menu.prompt.none")}</Pill>}
            </span>
            <SoundButton label={t("menu.sound.play", { name: key })} address={promptSound(lang, key)} disabled={!prompt} />
            {i > 0 && <IconButton label={t("menu.prompt.earlier", { name: key })} icon={<ArrowUp size={14} />} disabled={disabled} onClick={() => onChange(value.map((each, j) => (j === i - 1 ? key : j === i ? value[i - 1]! : each)))} />}
            <IconButton label={t("menu.prompt.remove", { name: key })} icon={<X size={14} />} disabled={disabled} onClick={() => onChange(value.filter((_, j) => j !== i))} />
          </div>
        );
      })}
      {!(single && value.length > 0) && (
        <Field label={label} hint={hint} hideLabel>
          <Combobox options={all.map((prompt) => ({ value: prompt.key, label: words(prompt), hint: prompt.key }))} value={undefined} onChange={(key) => key && onChange([...value, key])} placeholder={t("menu.prompt.add")} disabled={disabled} />
        </Field>
      )}
    </div>
  );
}
