import { api, ApiError, type CaseCategory, type CaseDetail, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { ErrorState, Pill, Section, SkeletonRows } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AlarmClock, ArrowLeft, ArrowUpFromLine, CalendarClock, RotateCcw, TriangleAlert, UsersRound } from "lucide-react";
import type { ReactNode } from "react";
import { CaseGuide } from "../aid/CaseGuide";
import { CaseLearnt } from "../aid/CaseLearnt";
import { whenText } from "../form/when";
import { problem } from "../problem";
import { can, keys, useCaseHandling, useCaseWords, useMe } from "../query";
import { ReviewSection } from "../review/Reviews";
import { CompensationSection } from "../reward/CompensationSection";
import { RewardSection } from "../reward/RewardSection";
import { caseRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed, NotFoundPage } from "../shell/pages";
import { ActBar } from "./ActBar";
import { ClocksSection } from "./ClocksSection";
import { CustomerBox } from "./CustomerBox";
import { EvidenceSection } from "./EvidenceSection";
import { HistorySection } from "./HistorySection";
import { PartiesSection } from "./PartiesSection";
import { ProgressBar } from "./ProgressBar";
import { StagePill } from "./StagePill";
import { EditTags, TagPills } from "./Tags";
import { TasksSection } from "./TasksSection";
import { TiesSection } from "./TiesSection";
import { useCaseOpen, Watchers } from "./Watchers";
import { WorksSection } from "./WorksSection";
import { useLang } from "./lang";
import { nameOf, pathOf } from "./tree";

export default function CasePage() {
  const { id } = caseRoute.useParams();
  return (
    <Allowed to={["case.read"]}>
      <CaseView key={id} id={id} />
    </Allowed>
  );
}

function CaseView({ id }: { id: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: keys.case(id), queryFn: () => api.cases.get(id) });
  useCaseOpen(id);
  if (found.error instanceof ApiError && found.error.status === 404) return <NotFoundPage />;
  return (
    <Page
      wide
      title={found.data?.case.subject ?? t("cases.title")}
      description={found.data && <Badges detail={found.data} />}
      before={
        <Link to="/cases" aria-label={t("cases.back")} className="-my-1 -mr-2 grid size-8 place-items-center rounded-md text-mut hover:bg-line2 hover:text-fg">
          <ArrowLeft size={17} aria-hidden="true" />
        </Link>
      }
    >
      {found.isPending && <SkeletonRows rows={8} />}
      {found.error && !found.data && <ErrorState title={t("common.error.title")} detail={problem(found.error).text} requestId={problem(found.error).requestId} onRetry={() => void found.refetch()} retrying={found.isFetching} />}
      <Watchers id={id} />
      {found.data && <Details detail={found.data} />}
    </Page>
  );
}

/** What one must know before one reads on. */
function Badges({ detail: { case: c } }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const me = useMe();
  const course = c.course;
  return (
    <span className="mt-1 flex flex-wrap items-center gap-1.5">
      <span className="num mr-1 font-medium text-fg select-all">{c.number}</span>
      <Pill tone={c.kind === "complaint" ? "bad" : "plain"}>{words.data?.kinds.find((each) => each.kind === c.kind)?.name[lang] ?? c.kind}</Pill>
      {course.level && <Pill>{nameOf(words.data?.levels, course.level, lang)}</Pill>}
      {course.escalation && (
        <Pill tone="bad" icon={<ArrowUpFromLine size={11} aria-hidden="true" />}>
          {t("cases.badge.escalated", { to: t(`cases.rank.${String(course.escalation.level) as "1"}`) })}
        </Pill>
      )}
      {Boolean(course.urged) && (
        <Pill tone="warn" icon={<TriangleAlert size={11} aria-hidden="true" />}>
          {t("cases.badge.urged", { n: course.urged })}
        </Pill>
      )}
      {Boolean(course.reopened) && (
        <Pill tone="warn" icon={<RotateCcw size={11} aria-hidden="true" />}>
          {t("cases.badge.reopened", { n: course.reopened })}
        </Pill>
      )}
      {c.about_staff && (
        <Pill tone="ai" icon={<UsersRound size={11} aria-hidden="true" />}>
          {t("cases.badge.staff")}
        </Pill>
      )}
      {course.snoozed_until && Date.parse(course.snoozed_until) > Date.now() && (
        <Pill icon={<AlarmClock size={11} aria-hidden="true" />}>{t("cases.badge.snoozed", { at: whenText(course.snoozed_until) })}</Pill>
      )}
      {course.follow_up_at && !c.over && <Pill icon={<CalendarClock size={11} aria-hidden="true" />}>{t("cases.badge.follow_up", { at: whenText(course.follow_up_at) })}</Pill>}
      <TagPills tags={course.tags} />
      {can(me, "case.edit") && <EditTags item={c} />}
    </span>
  );
}

function Details({ detail }: { detail: CaseDetail }) {
  const me = useMe();
  const edits = can(me, "case.edit");
  return (
    <div className="grid items-start gap-x-4 lg:grid-cols-[minmax(0,1fr)_320px] lg:grid-rows-[auto_1fr]">
      <div className="min-w-0">
        <ProgressBar detail={detail} />
        <ActBar detail={detail} edits={edits} />
        <CaseGuide detail={detail} />
        {edits && <CaseLearnt detail={detail} />}
      </div>
      <div className="min-w-0 lg:col-start-2 lg:row-span-2 lg:row-start-1">
        <ClocksSection clocks={detail.clocks} />
        <CustomerBox detail={detail} />
        <TiesSection detail={detail} edits={edits} />
      </div>
      <div className="min-w-0 lg:col-start-1">
        <Request detail={detail} />
        <Handled detail={detail} />
        <CompensationSection caseId={detail.case.id} />
        <ReviewSection id={detail.case.id} />
        <RewardSection caseId={detail.case.id} />
        <EvidenceSection detail={detail} edits={edits} />
        <TasksSection detail={detail} edits={edits} />
        <WorksSection detail={detail} edits={edits} />
        <PartiesSection detail={detail} edits={edits} />
        <HistorySection detail={detail} />
      </div>
    </div>
  );
}

/** What the customer wrote, and how it is sorted. */
function Request({ detail: { case: c } }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const handling = useCaseHandling();
  const tree = handling.data?.categories ?? [];
  const fields = Object.entries(c.course.fields ?? {});
  return (
    <Section title={t("cases.text")} actions={<StagePill item={c} />}>
      <p className="text-base break-words whitespace-pre-wrap">{c.text}</p>
      <dl className="mt-3 grid gap-x-4 gap-y-1 border-t pt-3 text-sm sm:grid-cols-2">
        <Fact name={t("cases.category")}>{c.course.category ? pathOf(tree, c.course.category, lang) : "—"}</Fact>
        <Fact name={t("cases.source.title")}>{t(`cases.source.${c.source}`)}</Fact>
        <Fact name={t("cases.received")}>{whenText(c.received_at)}</Fact>
        {c.order && <Fact name={t("cases.order")}>{c.order}</Fact>}
        {fields.map(([id, value]) => (
          <Fact key={id} name={fieldName(tree, id, lang)}>{value}</Fact>
        ))}
        {c.course.tried && <Fact name={t("cases.tried")}>{c.course.tried}</Fact>}
      </dl>
    </Section>
  );
}

function fieldName(tree: readonly CaseCategory[], id: string, lang: Lang): string {
  for (const category of tree) {
    const own = category.form?.find((field) => field.id === id)?.name[lang] ?? (category.children && fieldName(category.children, id, lang));
    if (own && own !== id) return own;
  }
  return id;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-2">
      <dt className="w-20 shrink-0 text-xs leading-5 text-faint">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  );
}

/** What was found and decided so far. */
function Handled({ detail: { case: c } }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const { findings, solution, cause, outcome, approval, verification, announcement, expected_at, external = [], escalation, special } = c.course;
  const chosen = words.data?.outcomes.find((each) => each.code === outcome);
  if (!findings && !solution && !outcome && !verification && !announcement && !expected_at && !escalation && !special && external.length === 0) return null;
  return (
    <Section title={t("cases.details")}>
      <dl className="flex flex-col gap-2 text-sm">
        {escalation && (
          <Fact name={t("cases.rank.title")}>
            {t(`cases.rank.${String(escalation.level) as "1"}`)} · {escalation.why === "hand" || escalation.why === "demand" ? escalation.reason : t(`cases.why.${escalation.why as "breach"}`)}
            {escalation.confirmed && <span className="block text-xs text-mut">{t("cases.act.confirmed")}：{escalation.confirmed.text}</span>}
          </Fact>
        )}
        {special && (
          <Fact name={t("cases.act.special_due")}>
            {whenText(special.due_at)} · {special.reason}
          </Fact>
        )}
        {expected_at && <Fact name={t("cases.act.expected_at")}>{whenText(expected_at)}</Fact>}
        {findings && <Fact name={t("cases.act.findings")}><span className="whitespace-pre-wrap">{findings}</span></Fact>}
        {solution && <Fact name={t("cases.act.solution")}><span className="whitespace-pre-wrap">{solution}</span></Fact>}
        {outcome && (
          <Fact name={t("cases.act.outcome")}>
            <span className="inline-flex flex-wrap items-center gap-1.5">
              {chosen?.name[lang] ?? outcome}
              {chosen?.needs_approval && !approval && <Pill tone="warn" className="h-auto py-0.5 whitespace-normal">{t("cases.act.needs_approval")}</Pill>}
            </span>
          </Fact>
        )}
        {approval && <Fact name={t("cases.act.approval")}>{approval}</Fact>}
        {cause && <Fact name={t("cases.act.cause")}>{cause}</Fact>}
        {verification && <Fact name={t("cases.act.verification")}>{verification}</Fact>}
        {announcement && <Fact name={t("cases.act.announcement")}>{announcement}</Fact>}
        {external.map((each) => (
          <Fact key={`${each.body} ${each.reference}`} name={t("cases.act.body")}>
            {t(`cases.body.${each.body as "other"}`)} · <span className="num">{each.reference}</span> · {whenText(each.due_at)}
          </Fact>
        ))}
      </dl>
    </Section>
  );
}
