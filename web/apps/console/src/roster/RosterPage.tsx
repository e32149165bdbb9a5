import { serverNow } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Tabs } from "@yingda/ui";
import { useNavigate } from "@tanstack/react-router";
import { can, useMe, useSettings } from "../query";
import { rosterRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { AdherenceTab } from "./AdherenceTab";
import { CertificatesTab } from "./CertificatesTab";
import { dayIn } from "./days";
import { MineTab } from "./MineTab";
import { ShiftsTab } from "./ShiftsTab";
import { StaffingTab } from "./StaffingTab";
import { SwapsTab } from "./SwapsTab";
import { rosterTabs, type RosterTab } from "./tabs";
import { WeekTab } from "./WeekTab";

/** `/roster`: who works when. */
export default function RosterPage() {
  return (
    <Allowed to={["roster.read"]}>
      <Roster />
    </Allowed>
  );
}

function Roster() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const settings = useSettings();
  const { tab } = rosterRoute.useParams();
  const { day, team } = rosterRoute.useSearch();
  const manages = can(me, "roster.manage");
  const shown = rosterTabs.filter((each) => manages || each.all).map((each) => each.name);
  const open: RosterTab = shown.find((each) => each === tab) ?? (manages ? "week" : "mine");
  const zone = settings.data?.phone_hours.zone;
  const today = dayIn(serverNow(), zone);
  const at = day ?? today;
  const go = (next: { tab?: RosterTab; day?: string; team?: string }) =>
    void navigate({ to: "/roster/{-$tab}", params: { tab: next.tab ?? open }, search: { day: "day" in next ? next.day : day, team: "team" in next ? next.team : team }, replace: !next.tab });
  const place = { at, today, team, onDay: (next: string) => go({ day: next === today ? undefined : next }), onTeam: (next: string | undefined) => go({ team: next }) };
  return (
    <Page wide title={t("roster.title")} description={zone && t("roster.hint", { zone })}>
      <Tabs label={t("roster.title")} value={open} onChange={(next) => go({ tab: next })} items={shown.map((value) => ({ value, label: t(`roster.tabs.${value}`) }))} listClassName="scroll mb-4 overflow-x-auto print:hidden">
        {open === "mine" && <MineTab {...place} />}
        {open === "week" && <WeekTab {...place} />}
        {open === "swaps" && <SwapsTab />}
        {open === "shifts" && <ShiftsTab />}
        {open === "staffing" && <StaffingTab {...place} />}
        {open === "adherence" && <AdherenceTab {...place} />}
        {open === "certificates" && <CertificatesTab today={today} />}
      </Tabs>
    </Page>
  );
}
