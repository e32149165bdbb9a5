import type { Proactive } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, IconButton, Input, Section, Textarea } from "@yingda/ui";
import { Plus, Trash2 } from "lucide-react";

/** The invitations that pages show by themselves; the first that fits a page is shown. */
export function ProactiveEditor({ value, error, onChange }: { value: Proactive[]; error?: string; onChange: (value: Proactive[]) => void }) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<Proactive>) => onChange(value.map((each, i) => (i === at ? { ...each, ...part } : each)));
  return (
    <Section
      title={t("settings.channels.proactive")}
      description={t("settings.channels.proactive_hint")}
      actions={
        <Button size="sm" icon={<Plus size={14} />} onClick={() => onChange([...value, { page: "", after_seconds: 30, text: { zh: "", en: "" } }])}>
          {t("settings.channels.proactive_add")}
        </Button>
      }
    >
      {error && (
        <p role="alert" className="mb-2 text-xs text-bad">
          {error}
        </p>
      )}
      {value.length === 0 && <p className="text-sm text-faint">{t("settings.channels.proactive_none")}</p>}
      <ul className="flex flex-col gap-3">
        {value.map((each, i) => (
          <li key={i} className="grid gap-3 rounded-lg border p-3 sm:grid-cols-[1fr_8rem_auto]">
            <Field label={t("settings.channels.proactive_page")} hint={t("settings.channels.proactive_page_hint")}>
              <Input value={each.page} maxLength={300} placeholder="/cars/" onChange={(e) => change(i, { page: e.target.value })} />
            </Field>
            <Field label={t("settings.channels.proactive_after")}>
              <Input type="number" min={1} max={3600} value={each.after_seconds} onChange={(e) => change(i, { after_seconds: Number(e.target.value) || 0 })} />
            </Field>
            <IconButton className="mt-6" label={t("settings.channels.proactive_remove", { n: i + 1 })} icon={<Trash2 size={14} />} onClick={() => onChange(value.filter((_, at) => at !== i))} />
            <div className="grid gap-3 sm:col-span-3 sm:grid-cols-2">
              {(["zh", "en"] as const).map((language) => (
                <Field key={language} label={t("settings.channels.proactive_text", { language: t(`common.language.${language}`) })}>
                  <Textarea minRows={2} maxLength={200} lang={language === "zh" ? "zh-CN" : "en"} value={each.text[language]} onChange={(e) => change(i, { text: { ...each.text, [language]: e.target.value } })} />
                </Field>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {value.length > 0 && <p className="mt-3 text-xs text-mut">{t("settings.channels.proactive_snippet")}</p>}
    </Section>
  );
}
