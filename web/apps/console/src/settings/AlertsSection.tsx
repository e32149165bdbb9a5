import { useTranslation } from "@yingda/i18n";
import { Button, PageHeader, Section, Switch } from "@yingda/ui";
import { Volume2 } from "lucide-react";
import { useState } from "react";
import { askForDesktop, beep } from "../live/alert";
import { setPrefs, usePrefs } from "../prefs";

/** How the console calls the reader, in this browser. */
export function AlertsSection() {
  const { t } = useTranslation();
  const prefs = usePrefs();
  const [refused, setRefused] = useState(false);
  async function changeDesktop(on: boolean) {
    const allowed = on && (await askForDesktop());
    setRefused(on && !allowed);
    setPrefs({ desktop: allowed });
  }
  return (
    <>
      <PageHeader title={t("settings.sections.alerts")} description={t("settings.alerts.about")} />
      <Section>
        <div className="flex flex-col gap-5">
          <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
            <Switch className="flex-1" checked={prefs.sound} onChange={(sound) => setPrefs({ sound })} label={t("shell.alerts.sound")} hint={t("settings.alerts.sound_hint")} />
            <Button size="sm" icon={<Volume2 size={14} />} onClick={() => beep("message")}>
              {t("settings.alerts.try_message")}
            </Button>
            <Button size="sm" icon={<Volume2 size={14} />} onClick={() => beep("offer")}>
              {t("settings.alerts.try_offer")}
            </Button>
          </div>
          <Switch checked={prefs.desktop} onChange={(on) => void changeDesktop(on)} label={t("shell.alerts.desktop")} hint={t("settings.alerts.desktop_hint")} />
          {refused && (
            <p role="alert" className="-mt-3 pl-11 text-xs text-bad">
              {t("shell.alerts.desktop_denied")}
            </p>
          )}
          <Switch checked={prefs.singleKeys} onChange={(singleKeys) => setPrefs({ singleKeys })} label={t("shell.alerts.keys")} hint={t("settings.alerts.keys_hint")} />
        </div>
      </Section>
    </>
  );
}
