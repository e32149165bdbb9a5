// The page around sign-in and set-up.

import { useTranslation } from "@yingda/i18n";
import { CircleAlert, Languages } from "lucide-react";
import type { ReactNode } from "react";
import { chooseLanguage } from "../language";

export function AccountFrame({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const other = i18n.language === "zh" ? "en" : "zh";
  return (
    <main className="scroll flex min-h-full flex-col items-center overflow-auto bg-canvas px-4 py-10">
      <div className="my-auto w-full max-w-[368px]">
        <div className="mb-6 flex items-center gap-2.5">
          <img src="/app/icon.svg" alt="" width={32} height={32} />
          <span className="text-[17px] font-semibold tracking-tight">{t("common.product")}</span>
        </div>
        <div className="rounded-2xl border bg-panel p-6 shadow-xs">
          <h1 className="text-lg font-semibold">{title}</h1>
          {hint && <p className="mt-0.5 text-xs text-mut">{hint}</p>}
          <div className="mt-5">{children}</div>
        </div>
        <button type="button" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => void chooseLanguage(other)} className="mx-auto mt-5 flex h-7 items-center gap-1.5 rounded-md px-2 text-xs text-mut hover:text-fg">
          <Languages size={14} aria-hidden="true" />
          {t(`common.language.${other}`)}
        </button>
      </div>
    </main>
  );
}

export function Refusal({ text, requestId }: { text: string; requestId?: string }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="mb-4 flex items-start gap-2 rounded-lg bg-bad-soft px-3 py-2 text-xs text-bad">
      <CircleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
      <div>
        {text}
        {requestId && <div className="mt-0.5 font-mono text-2xs">{t("common.error.request", { id: requestId })}</div>}
      </div>
    </div>
  );
}
