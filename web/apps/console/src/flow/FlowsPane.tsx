import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { flows, ownVersion, type FlowStanding } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Dialog, EmptyState, Field, Input, PageHeader, Pill, SkeletonRows, Skeleton } from "@yingda/ui";
import { Plus, Waypoints } from "lucide-react";
import { useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { can, useMe } from "../query";
import { ago, useNow } from "../time";
import { FlowEditor } from "./FlowEditor";
import { asID } from "../edited/edit";
import { useVersionName } from "../edited/VersionsPanel";
import { blank } from "./edit";
import { flowKeys } from "./keys";

/** The dialogue flows of the assistant: all of them, or the one that is open. */
export function FlowsPane({ id }: { id?: string }) {
  return id ? <OpenFlow key={id} id={id} /> : <FlowList />;
}

function OpenFlow({ id }: { id: string }) {
  const query = useQuery({ queryKey: flowKeys.one(id), queryFn: () => flows.get(id) });
  const seams = useQuery({ queryKey: flowKeys.seams, queryFn: flows.seams });
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col border-l bg-canvas max-lg:border-l-0">
      <Loaded query={query} skeleton={<ListSkeleton />}>
        {(book) => <Loaded query={seams} skeleton={<ListSkeleton />}>{({ items }) => <FlowEditor book={book} seams={items} />}</Loaded>}
      </Loaded>
    </div>
  );
}

function FlowList() {
  const { t } = useTranslation();
  const edits = can(useMe(), "knowledge.edit");
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: flowKeys.list, queryFn: flows.list });
  const add = (
    <Button variant="primary" icon={<Plus size={14} />} onClick={() => setAdding(true)}>
      {t("flow.add")}
    </Button>
  );
  return (
    <div className="scroll min-h-0 min-w-0 flex-1 overflow-y-auto border-l bg-canvas px-6 py-5 max-lg:border-l-0 max-md:px-4">
      <div className="mx-auto max-w-4xl">
        <PageHeader title={t("flow.title")} description={t("flow.about")} actions={edits && add} />
        <Loaded query={query} skeleton={<ListSkeleton />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<Waypoints size={20} />} title={t("flow.empty")} detail={t("flow.empty_hint")} action={edits && add} />
            ) : (
              <ul className="overflow-hidden rounded-xl border bg-panel">
                {items.map((each) => (
                  <li key={each.id} className="border-b last:border-b-0">
                    <FlowRow standing={each} />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
      {adding && <AddDialog onClose={() => setAdding(false)} taken={(query.data?.items ?? []).map(({ id }) => id)} />}
    </div>
  );
}

function FlowRow({ standing }: { standing: FlowStanding }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const named = useVersionName();
  return (
    <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "flows", id: standing.id }} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-raise">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{standing.name[currentLanguage()] || standing.id}</span>
        <span className="num block truncate text-2xs text-faint">
          {standing.id} · {t("flow.counts", { steps: standing.steps, scripts: standing.scripts })}
        </span>
      </span>
      {standing.draft && <Pill tone="warn">{t("flow.draft_by", { name: standing.draft_by, time: standing.draft_at ? ago(standing.draft_at, now) : "" })}</Pill>}
      {standing.audience && <Pill>{t(standing.audience === "agents" ? "aids.guide.for_agents" : "aids.guide.for_both")}</Pill>}
      <Pill tone={standing.version > ownVersion ? "brand" : "plain"}>{named(standing.version)}</Pill>
      <StandingPill standing={standing} />
    </Link>
  );
}

/** Whether customers are carried through a flow, and if not, why. */
export function StandingPill({ standing }: { standing: FlowStanding }) {
  const { t } = useTranslation();
  if (standing.version === 0) return <Pill>{t("flow.standing.draft")}</Pill>;
  if (standing.rests) return <Pill>{t("flow.standing.rests")}</Pill>;
  if (standing.lacks.length > 0) return <Pill tone="warn">{t("flow.standing.lacks")}</Pill>;
  return <Pill tone="ok">{t("flow.standing.on")}</Pill>;
}

function AddDialog({ onClose, taken }: { onClose: () => void; taken: readonly string[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [zh, setZh] = useState("");
  const [en, setEn] = useState("");
  const [typed, setTyped] = useState<string>();
  const id = typed ?? asID(en.trim());
  const wrong = taken.includes(id) ? t("flow.id_taken") : undefined;
  const add = useChange(() => flows.draft(id, 0, { ...blank(id), name: { zh: zh.trim(), en: en.trim() } }), {
    stale: [flowKeys.all],
    onDone: () => void navigate({ to: "/knowledge/{-$section}/{-$id}", params: { section: "flows", id } }),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("flow.add")}
      description={t("flow.add_hint")}
      onSubmit={() => zh.trim() && en.trim() && id && !wrong && add.mutate()}
      footer={
        <Button type="submit" variant="primary" loading={add.isPending} disabled={!zh.trim() || !en.trim() || !id || Boolean(wrong)}>
          {t("flow.begin")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("flow.name")} aside={t("common.language.zh")} required>
          <Input lang="zh-CN" maxLength={60} value={zh} onChange={(event) => setZh(event.target.value)} />
        </Field>
        <Field label={t("flow.name")} aside={t("common.language.en")} required>
          <Input lang="en" maxLength={60} value={en} onChange={(event) => setEn(event.target.value)} />
        </Field>
        <Field label={t("flow.id")} hint={t("flow.id_hint")} error={wrong} required>
          <Input className="num" spellCheck={false} value={id} onChange={(event) => setTyped(asID(event.target.value))} />
        </Field>
      </div>
    </Dialog>
  );
}

function ListSkeleton() {
  return (
    <SkeletonRows rows={6} className="p-6">
      <Skeleton className="w-2/5" />
      <Skeleton className="mt-1.5 h-3 w-1/5" />
    </SkeletonRows>
  );
}
