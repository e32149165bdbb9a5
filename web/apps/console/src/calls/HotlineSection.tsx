import { useTranslation } from "@yingda/i18n";
import { PageHeader, Tabs } from "@yingda/ui";
import { useState } from "react";
import { EntriesPart } from "./EntriesPart";
import { HooksPart } from "./HooksPart";
import { KeepingPart } from "./KeepingPart";
import { PhonesPart } from "./PhonesPart";
import { PlanPart } from "./PlanPart";
import { TranscriptsPart } from "./TranscriptsPart";
import { TrunksPart } from "./TrunksPart";

const tabs = ["entries", "trunks", "phones", "plan", "hooks", "recordings", "transcripts"] as const;

/** What the hotline is set up with. */
export default function HotlineSection() {
  const { t } = useTranslation();
  const [tab, setTab] = useState<(typeof tabs)[number]>("entries");
  return (
    <>
      <PageHeader title={t("settings.sections.hotline")} description={t("calls.hotline.about")} />
      <Tabs label={t("settings.sections.hotline")} value={tab} onChange={setTab} items={tabs.map((value) => ({ value, label: t(`calls.hotline.tabs.${value}`) }))}>
        <div className="pt-4">
          {tab === "entries" && <EntriesPart />}
          {tab === "trunks" && <TrunksPart />}
          {tab === "phones" && <PhonesPart />}
          {tab === "plan" && <PlanPart />}
          {tab === "hooks" && <HooksPart />}
          {tab === "recordings" && <KeepingPart />}
          {tab === "transcripts" && <TranscriptsPart />}
        </div>
      </Tabs>
    </>
  );
}
