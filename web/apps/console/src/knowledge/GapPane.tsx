import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { api, type KnowledgeGap } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Pill, Segmented, Skeleton, SkeletonRows, buttonClass, cn } from "@yingda/ui";
import { CircleCheck, Lightbulb, ListTodo, RefreshCw } from "lucide-react";
import { useState } from "react";
import { PagedList } from "../form/PagedList";
import { useChange } from "../form/failure";
import { usePages } from "../form/pages";
import { ago, useNow } from "../time";
import { GapDetail } from "./GapDetail";
import { TendPanel } from "./TendPanel";
import { knowledgeKeys } from "./keys";

/** The board of what customers ask and the knowledge base does not answer well. */
export function GapPane({ id }: { id?: string }) {
  const { t } = useTranslation();
  const [state, setState] = useState<KnowledgeGap["state"]>("open");
  const list = usePages([...knowledgeKeys.gaps, "list", state], (cursor) => api.gaps.list(state, cursor));
  return (
    <>
      <section aria-label={t("knowledge.sections.gaps")} className={cn("flex min-h-0 shrink-0 flex-col border-l bg-panel lg:w-[360px]", id ? "max-lg:hidden" : "max-lg:flex-1 max-lg:border-l-0")}>
        <header className="flex flex-col gap-2 border-b px-4 py-3">
          <div className="flex min-h-7 items-center gap-2">
            <h2 className="flex-1 text-base font-semibold">{t("knowledge.sections.gaps")}</h2>
            <Gather />
          </div>
          <p className="text-xs text-mut">{t("knowledge.gaps.about")}</p>
          <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "gaps", id: "tend" }} aria-current={id === "tend" ? "page" : undefined} className={buttonClass("default", "sm", "self-start")}>
            <ListTodo size={14} aria-hidden="true" />
            {t("knowledge.tend.title")}
          </Link>
          <Segmented<KnowledgeGap["state"]> label={t("knowledge.status.title")} value={state} onChange={setState} choices={(["open", "dealt"] as const).map((value) => ({ value, label: t(`knowledge.gaps.state.${value}`) }))} />
        </header>
        <div className="scroll min-h-0 flex-1 overflow-y-auto">
          <PagedList list={list} skeleton={<ListSkeleton />} empty={<Empty state={state} />}>
            {(gaps) => (
              <ul>
                {gaps.map((gap) => (
                  <li key={gap.id}>
                    <GapRow gap={gap} open={gap.id === id} />
                  </li>
                ))}
              </ul>
            )}
          </PagedList>
        </div>
      </section>
      {id === undefined ? (
        <div className="grid min-w-0 flex-1 place-items-center border-l bg-canvas max-lg:hidden">
          <EmptyState icon={<Lightbulb size={20} />} title={t("knowledge.gaps.choose")} detail={t("knowledge.gaps.choose_hint")} />
        </div>
      ) : (
        <div className="scroll min-h-0 min-w-0 flex-1 overflow-y-auto border-l bg-canvas px-6 py-5 max-lg:border-l-0 max-md:px-4">
          {id === "tend" ? <TendPanel /> : <GapDetail key={id} id={id} />}
        </div>
      )}
    </>
  );
}

/** When the board was brought up to date, and a way to do it now. */
function Gather() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const standing = useGapStanding();
  const gather = useChange(() => api.gaps.gather(), { done: t("knowledge.gaps.gathering") });
  const at = standing.data?.at;
  return (
    <>
      {at && <span className="text-2xs text-mut">{t("knowledge.gaps.gathered", { time: ago(at, now) })}</span>}
      <Button size="sm" icon={<RefreshCw size={14} />} loading={gather.isPending} onClick={() => gather.mutate()}>
        {t("knowledge.gaps.gather")}
      </Button>
    </>
  );
}

/** How many gaps wait; the live feed keeps it true. */
export function useGapStanding(enabled = true) {
  return useQuery({ queryKey: [...knowledgeKeys.gaps, "standing"], queryFn: api.gaps.standing, enabled, staleTime: 60_000 });
}

function GapRow({ gap, open }: { gap: KnowledgeGap; open: boolean }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  return (
    <Link
      to="/knowledge/{-$section}/{-$id}"
      params={{ section: "gaps", id: gap.id }}
      aria-current={open ? "true" : undefined}
      className={cn("block border-b px-4 py-2.5 hover:bg-raise", open && "bg-brand-soft shadow-[inset_3px_0_0_var(--brand)] hover:bg-brand-soft")}
    >
      <span className="line-clamp-2 font-medium">{gap.text}</span>
      <span className="mt-1 flex flex-wrap items-center gap-1.5 text-2xs text-mut">
        {gap.state === "dealt" && gap.deal ? (
          <>
            <Pill tone={gap.deal.act === "ignore" ? "plain" : "ok"}>{t(`knowledge.gaps.deal.${gap.deal.act}`)}</Pill>
            <span className="truncate">{gap.deal.title ?? gap.deal.reason}</span>
          </>
        ) : (
          <>
            <span className="num">{t("knowledge.gaps.asked", { n: gap.asked })}</span>
            {gap.handed > 0 && <Pill tone="warn">{t("knowledge.gaps.handed", { n: gap.handed })}</Pill>}
            {gap.deal && <Pill tone="brand">{t("knowledge.gaps.back")}</Pill>}
          </>
        )}
        <span className="num ml-auto shrink-0">{ago(gap.deal && gap.state === "dealt" ? gap.deal.at : gap.last_at, now)}</span>
      </span>
    </Link>
  );
}

function Empty({ state }: { state: KnowledgeGap["state"] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (state === "dealt") return <EmptyState icon={<CircleCheck size={20} />} title={t("knowledge.gaps.empty_dealt")} />;
  return (
    <EmptyState
      icon={<CircleCheck size={20} />}
      title={t("knowledge.gaps.empty")}
      detail={t("knowledge.gaps.empty_hint")}
      action={<Button onClick={() => void navigate({ to: "/knowledge/{-$section}/{-$id}", params: { section: "try", id: undefined } })}>{t("knowledge.try.short")}</Button>}
    />
  );
}

function ListSkeleton() {
  return (
    <SkeletonRows rows={8} className="p-4">
      <Skeleton className="w-4/5" />
      <Skeleton className="mt-1.5 h-3 w-2/5" />
    </SkeletonRows>
  );
}
