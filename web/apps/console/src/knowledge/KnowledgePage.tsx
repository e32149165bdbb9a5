import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { api, type KnowledgeFilter } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Badge, EmptyState, Segmented, cn } from "@yingda/ui";
import { BookOpenText, CircleHelp, Compass, Folder, Layers, Lightbulb, Lock, WandSparkles, Waypoints, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { FlowsPane } from "../flow/FlowsPane";
import { can, useMe } from "../query";
import { ArticlePane } from "./ArticlePane";
import { GapPane, useGapStanding } from "./GapPane";
import { QuestionPane } from "./QuestionPane";
import { TryPage } from "./TryPanel";
import { knowledgeKeys } from "./keys";

type SectionId = "questions" | "articles" | "gaps" | "flows" | "try";

const sections: readonly { id: SectionId; icon: LucideIcon; needs?: string }[] = [
  { id: "questions", icon: CircleHelp },
  { id: "articles", icon: BookOpenText },
  { id: "flows", icon: Waypoints },
  { id: "gaps", icon: Lightbulb, needs: "knowledge.edit" },
  { id: "try", icon: WandSparkles },
];

/** `/knowledge/:section?/:id?`: what the assistant answers from, and what visitors read. */
export default function KnowledgePage() {
  const { t } = useTranslation();
  const me = useMe();
  const params = useParams({ strict: false }) as { section?: string; id?: string };
  const section = sections.find(({ id }) => id === (params.section ?? "questions"))?.id;
  const [filter, setFilter] = useState<KnowledgeFilter>({});
  if (!can(me, "knowledge.read", "knowledge.edit", "knowledge.publish")) return <Whole icon={Lock} title={t("common.error.forbidden")} detail={t("common.error.forbidden_hint")} />;
  if (section === "gaps" && !can(me, "knowledge.edit")) return <Whole icon={Lock} title={t("common.error.forbidden")} detail={t("common.error.forbidden_hint")} />;
  if (!section) return <Whole icon={Compass} title={t("common.error.not_found")} detail={t("common.error.not_found_hint")} />;
  return (
    <div className="flex h-full min-h-0 min-w-0 flex-1 max-lg:flex-col">
      <SideNav section={section} category={filter.category} onCategory={(category) => setFilter({ ...filter, category })} />
      <main className="flex min-h-0 min-w-0 flex-1">
        <h1 className="sr-only">{t("knowledge.title")}</h1>
        {section === "questions" && <QuestionPane id={params.id} filter={filter} onFilter={setFilter} />}
        {section === "articles" && <ArticlePane id={params.id} filter={filter} onFilter={setFilter} />}
        {section === "flows" && <FlowsPane id={params.id} />}
        {section === "gaps" && <GapPane id={params.id} />}
        {section === "try" && <TryPage />}
      </main>
    </div>
  );
}

function Whole({ icon: Icon, title, detail }: { icon: LucideIcon; title: string; detail: string }) {
  return (
    <main className="grid h-full flex-1 place-items-center">
      <EmptyState icon={<Icon size={20} />} title={<h1 className="text-base font-semibold">{title}</h1>} detail={detail} />
    </main>
  );
}

interface SideNavProps {
  section: SectionId;
  category?: string;
  onCategory: (category?: string) => void;
}

function SideNav({ section, category, onCategory }: SideNavProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const categories = useQuery({ queryKey: knowledgeKeys.categories, queryFn: api.knowledge.categories });
  const counted = (categories.data?.items ?? []).map((each) => ({ name: each.name, count: section === "articles" ? each.articles : each.questions })).filter(({ count }) => count > 0);
  const me = useMe();
  const gaps = useGapStanding(can(me, "knowledge.edit")).data?.open ?? 0;
  const shown = sections.filter(({ needs }) => !needs || can(me, needs));
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <nav aria-label={t("knowledge.title")} className="scroll w-[204px] shrink-0 overflow-y-auto px-2.5 py-4 max-lg:hidden">
        <h2 className="px-2 pb-2 text-base font-semibold">{t("knowledge.title")}</h2>
        {shown.map(({ id, icon: Icon }) => (
          <Link key={id} to="/knowledge/{-$section}/{-$id}" params={{ section: id, id: undefined }} aria-current={id === section ? "page" : undefined} className={navRow(id === section)}>
            <Icon size={15} aria-hidden="true" />
            {t(`knowledge.sections.${id}`)}
            {id === "gaps" && <Badge count={gaps} max={999} tone="plain" label={t("knowledge.gaps.waiting", { n: gaps })} className="ml-auto" />}
          </Link>
        ))}
        {(section === "questions" || section === "articles") && counted.length > 0 && (
          <section className="mt-4" aria-labelledby="knowledge-categories">
            <h3 id="knowledge-categories" className="px-2 pb-1 text-2xs font-medium text-faint">
              {t("knowledge.category")}
            </h3>
            <CategoryRow icon={Layers} name={t("common.all")} count={total} on={!category} onClick={() => onCategory(undefined)} />
            {counted.map(({ name, count }) => (
              <CategoryRow key={name} icon={Folder} name={name || t("knowledge.no_category")} count={count} on={category === name} onClick={() => onCategory(name)} />
            ))}
          </section>
        )}
      </nav>
      <nav aria-label={t("knowledge.title")} className="border-b px-4 py-2.5 lg:hidden">
        <Segmented<SectionId>
          label={t("knowledge.title")}
          value={section}
          onChange={(next) => void navigate({ to: "/knowledge/{-$section}/{-$id}", params: { section: next, id: undefined } })}
          choices={shown.map(({ id }) => ({ value: id, label: t(`knowledge.sections.${id}`) }))}
        />
      </nav>
    </>
  );
}

function CategoryRow({ icon: Icon, name, count, on, onClick }: { icon: LucideIcon; name: string; count: number; on: boolean; onClick: () => void }) {
  return (
    <button type="button" aria-pressed={on} onClick={onClick} className={cn(navRow(on), "w-full text-left")}>
      <Icon size={15} aria-hidden="true" className="shrink-0" />
      <span className="truncate">{name}</span>
      <span className={cn("num ml-auto text-2xs", on ? "font-semibold text-brand-ink" : "text-faint")}>{count}</span>
    </button>
  );
}

function navRow(on: boolean): string {
  return cn("flex h-[30px] items-center gap-2 rounded-md px-2 text-mut hover:bg-line2", on && "bg-panel font-medium text-fg shadow-[0_1px_2px_#0000000d,0_0_0_1px_var(--line)] hover:bg-panel");
}
