import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "@yingda/i18n";
import { EmptyState, NoPermission, Select, SkeletonRows, cn } from "@yingda/ui";
import { Compass } from "lucide-react";
import { lazy, Suspense, type ComponentType } from "react";
import { useMe } from "../query";
import { CompensationSettings } from "../reward/CompensationSettings";
import { VerificationSettings } from "../verification/VerificationSettings";
import { AgentsSection } from "./AgentsSection";
import { AlertsSection } from "./AlertsSection";
import { AuditSection } from "./AuditSection";
import { CannedSection } from "./CannedSection";
import { CalendarsSection } from "./CalendarsSection";
import { ChannelsSection } from "./ChannelsSection";
import { CompanySection } from "./CompanySection";
import { FieldsSection } from "./FieldsSection";
import { HandlingSection } from "./HandlingSection";
import { HolidaysSection } from "./HolidaysSection";
import { JobsSection } from "./JobsSection";
import { KeysSection } from "./KeysSection";
import { MissingNotices } from "./MissingNotices";
import { ProfileSection } from "./ProfileSection";
import { PromisesSection } from "./PromisesSection";
import { RolesSection } from "./RolesSection";
import { RoutingSection } from "./RoutingSection";
import { SessionsSection } from "./SessionsSection";
import { FilterSection } from "./FilterSection";
import { SkillsSection } from "./SkillsSection";
import { SummarySection } from "./SummarySection";
import { TeamsSection } from "./TeamsSection";
import { maySee, sectionGroups, sections, type SectionEntry, type SectionId } from "./sections";

const AutomationSection = lazy(() => import("../automation/AutomationSection"));
const LearningSection = lazy(() => import("./LearningSection"));
const MailboxesSection = lazy(() => import("../mailbox/MailboxesSection"));
const HotlineSection = lazy(() => import("../calls/HotlineSection"));
const SmsSection = lazy(() => import("../sms/SmsSection"));
const MenusSection = lazy(() => import("../menu/MenusSection"));
const PromptsSection = lazy(() => import("../menu/PromptsSection"));
const ModelSection = lazy(() => import("./ModelSection"));
const MacrosSection = lazy(() => import("../automation/MacrosSection"));

const pages: Record<SectionId, ComponentType> = {
  profile: ProfileSection,
  sessions: SessionsSection,
  alerts: AlertsSection,
  canned: CannedSection,
  company: CompanySection,
  agents: AgentsSection,
  teams: TeamsSection,
  skills: SkillsSection,
  roles: RolesSection,
  channels: ChannelsSection,
  mailboxes: MailboxesSection,
  hotline: HotlineSection,
  sms: SmsSection,
  menus: MenusSection,
  prompts: PromptsSection,
  routing: RoutingSection,
  summary: SummarySection,
  filter: FilterSection,
  model: ModelSection,
  learning: LearningSection,
  fields: FieldsSection,
  promises: PromisesSection,
  calendars: CalendarsSection,
  holidays: HolidaysSection,
  handling: HandlingSection,
  compensation: CompensationSettings,
  verification: VerificationSettings,
  automation: AutomationSection,
  macros: MacrosSection,
  keys: KeysSection,
  jobs: JobsSection,
  audit: AuditSection,
};

/** `/settings/:section?`: what the reader may set, for himself and for the house. */
export default function SettingsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { section: wanted } = useParams({ strict: false }) as { section?: string };
  const section = sections.find((entry) => entry.id === (wanted ?? "profile"));
  const seen = sections.filter((entry) => maySee(me, entry));
  const Page = section && maySee(me, section) ? pages[section.id] : undefined;
  return (
    <div className="flex h-full min-h-0 min-w-0 flex-1 max-md:flex-col">
      <SectionNav seen={seen} open={section?.id} />
      <main className="scroll min-h-0 min-w-0 flex-1 overflow-y-auto border-l bg-canvas max-md:border-t max-md:border-l-0">
        <div className="mx-auto max-w-5xl px-6 py-5 max-md:px-4">
          {!wanted && <MissingNotices />}
          {Page ? (
            <Suspense fallback={<SkeletonRows />}>
              <Page />
            </Suspense>
          ) : section ? (
            <NoPermission title={<h1 className="text-base font-semibold">{t("common.error.forbidden")}</h1>} detail={t("common.error.forbidden_hint")} />
          ) : (
            <EmptyState icon={<Compass size={20} />} title={<h1 className="text-base font-semibold">{t("common.error.not_found")}</h1>} detail={t("common.error.not_found_hint")} />
          )}
        </div>
      </main>
    </div>
  );
}

function SectionNav({ seen, open }: { seen: SectionEntry[]; open?: SectionId }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <>
      <nav aria-label={t("settings.title")} className="scroll w-[188px] shrink-0 overflow-y-auto px-2.5 py-4 max-md:hidden lg:w-[204px]">
        <h2 className="px-2 pb-1 text-base font-semibold">{t("settings.title")}</h2>
        {sectionGroups.map((group) => {
          const entries = seen.filter((entry) => entry.group === group);
          if (entries.length === 0) return null;
          return (
            <section key={group} className="mt-3" aria-labelledby={`settings-${group}`}>
              <h3 id={`settings-${group}`} className="px-2 pb-1 text-2xs font-medium text-faint">
                {t(`settings.groups.${group}`)}
              </h3>
              {entries.map(({ id, icon: Icon }) => (
                <Link
                  key={id}
                  to="/settings/{-$section}"
                  params={{ section: id }}
                  aria-current={id === open ? "page" : undefined}
                  className={cn(
                    "flex h-[30px] items-center gap-2 rounded-md px-2 text-mut hover:bg-line2",
                    id === open && "bg-panel font-medium text-fg shadow-[0_1px_2px_#0000000d,0_0_0_1px_var(--line)] hover:bg-panel",
                  )}
                >
                  <Icon size={15} aria-hidden="true" />
                  <span className="truncate">{t(`settings.sections.${id}`)}</span>
                </Link>
              ))}
            </section>
          );
        })}
      </nav>
      <nav aria-label={t("settings.title")} className="p-3 md:hidden">
        <Select
          label={t("settings.title")}
          value={open}
          options={seen.map(({ id }) => ({ value: id, label: t(`settings.sections.${id}`) }))}
          onChange={(section) => void navigate({ to: "/settings/{-$section}", params: { section } })}
        />
      </nav>
    </>
  );
}
