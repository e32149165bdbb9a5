import type { InboxSettings, Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Segmented, cn } from "@yingda/ui";
import { MessageCircle, Send, X } from "lucide-react";
import { useState } from "react";

/** How the widget will look on a page, as it is being set. */
export function ChannelPreview({ settings }: { settings: InboxSettings }) {
  const { t } = useTranslation();
  const [lang, setLang] = useState<Lang>("zh");
  const [view, setView] = useState<"open" | "closed">("open");
  const right = settings.position === "right";
  const title = settings.title[lang] || settings.title.zh || settings.title.en;
  const greeting = view === "open" ? settings.greeting : settings.after_hours;
  return (
    <aside aria-label={t("settings.preview.title")} className="w-[300px] shrink-0 self-start max-xl:w-full max-xl:max-w-sm xl:sticky xl:top-4">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="flex-1 text-xs font-medium text-mut">{t("settings.preview.title")}</h2>
        <Segmented label={t("settings.preview.hours")} className="h-7" value={view} onChange={setView} choices={(["open", "closed"] as const).map((value) => ({ value, label: t(`settings.preview.${value}`) }))} />
        <Segmented label={t("common.language.title")} className="h-7" value={lang} onChange={setLang} choices={[{ value: "zh", label: "中" }, { value: "en", label: "EN" }]} />
      </div>
      <div lang={lang === "zh" ? "zh-CN" : "en"} className="overflow-hidden rounded-xl border bg-raise p-4">
        <div className="overflow-hidden rounded-xl border bg-panel shadow-float">
          <div className="flex items-center gap-2 px-3.5 py-3 text-white" style={{ background: settings.color }}>
            <MessageCircle size={17} aria-hidden="true" />
            <span className="min-w-0 flex-1 truncate font-semibold">{title || "—"}</span>
            <X size={15} aria-hidden="true" />
          </div>
          <div className="flex min-h-52 flex-col gap-2 px-3.5 py-3">
            <p className="max-w-[88%] self-start rounded-xl rounded-tl-sm bg-line2 px-3 py-1.5 whitespace-pre-wrap">{greeting[lang] || "—"}</p>
            {view === "open" && <OpenPart settings={settings} lang={lang} />}
          </div>
          <div className="flex items-center gap-2 border-t px-3.5 py-2.5 text-faint">
            <span className="flex-1">{words.write[lang]}</span>
            <span className="grid size-7 place-items-center rounded-full text-white" style={{ background: settings.color }}>
              <Send size={13} aria-hidden="true" />
            </span>
          </div>
        </div>
        <div className={cn("mt-3 flex", right ? "justify-end" : "justify-start")}>
          <span className="grid size-12 place-items-center rounded-full text-white shadow-float" style={{ background: settings.color }}>
            <MessageCircle size={22} aria-hidden="true" />
          </span>
        </div>
      </div>
    </aside>
  );
}

function OpenPart({ settings, lang }: { settings: InboxSettings; lang: Lang }) {
  const { prechat } = settings;
  if (prechat.enabled && prechat.fields.length > 0) {
    return (
      <div className="mt-1 flex flex-col gap-2 rounded-xl border p-3 text-xs">
        {prechat.fields.map((field) => (
          <div key={field.name}>
            <span className="text-mut">
              {words.fields[field.name][lang]}
              {field.required && <span className="text-bad"> *</span>}
            </span>
            <span className="mt-0.5 block h-6 rounded-md border border-edge" />
          </div>
        ))}
        <span className="mt-1 rounded-md py-1 text-center text-white" style={{ background: settings.color }}>
          {words.begin[lang]}
        </span>
      </div>
    );
  }
  return (
    <div className="flex flex-wrap gap-1.5">
      {Array.from({ length: Math.min(settings.hot_questions, 3) }, (_, i) => (
        <span key={i} className="rounded-full border px-2.5 py-0.5 text-xs text-mut">
          {words.question[lang]} {i + 1}
        </span>
      ))}
      {settings.assistant && <span className="rounded-full border px-2.5 py-0.5 text-xs text-mut">{words.human[lang]}</span>}
    </div>
  );
}

// The visitor's words in the visitor's language, whatever the console speaks.
const words = {
  write: { zh: "输入消息…", en: "Write a message…" },
  begin: { zh: "开始咨询", en: "Start chat" },
  question: { zh: "常见问题", en: "Question" },
  human: { zh: "转人工", en: "Talk to a person" },
  fields: {
    name: { zh: "称呼", en: "Name" },
    phone: { zh: "手机号", en: "Phone" },
    email: { zh: "邮箱", en: "E-mail" },
    order: { zh: "订单号", en: "Order number" },
    question: { zh: "想咨询什么", en: "Your question" },
  },
} as const;
