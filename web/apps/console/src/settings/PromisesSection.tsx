import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { promises, type Preset, type Terms } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, EmptyState, LoadMore, PageHeader, Pill, Section, SkeletonRows, Table, type Column } from "@yingda/ui";
import { History, Pencil } from "lucide-react";
import { useState } from "react";
import { Failure, Loaded } from "../form/failure";
import { whenText } from "../form/when";
import { can, useMe } from "../query";
import { MissingNotices } from "./MissingNotices";
import { PresetEditor } from "./PresetEditor";
import { PreviewDialog } from "./PreviewDialog";
import { Floor, PromiseTable } from "./PromiseTable";
import { promiseKeys, useMatchWords, useTerms } from "./promiseQueries";
import { compare, editable, inLanguage, isEdited, matchText, termText } from "./terms";

/** What the company promises: the preset in force, the others beside it, the law's terms, and who changed them. */
export function PromisesSection() {
  const { t } = useTranslation();
  const query = useTerms();
  const presets = useQuery({ queryKey: promiseKeys.presets, queryFn: promises.presets, staleTime: Infinity });
  const [editing, setEditing] = useState<Preset>();
  const [chosen, setChosen] = useState<Preset>();
  if (editing && query.data) return <PresetEditor saved={editing} terms={query.data} onClose={() => setEditing(undefined)} />;
  return (
    <>
      <PageHeader title={t("settings.sections.promises")} description={t("promises.about")} />
      <MissingNotices />
      <Loaded query={query}>
        {(terms) => (
          <>
            <InForce terms={terms} presets={presets.data?.items ?? []} onEdit={() => setEditing(editable(terms.preset))} />
            <Section title={t("promises.presets")} description={t("promises.presets_hint")}>
              <Loaded query={presets}>{({ items }) => <Comparison terms={terms} presets={items} onChoose={setChosen} />}</Loaded>
            </Section>
            <Floor terms={terms} />
            <Versions />
            {chosen && <PreviewDialog preset={chosen} version={terms.version} onClose={() => setChosen(undefined)} onDone={() => setChosen(undefined)} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function InForce({ terms, presets, onEdit }: { terms: Terms; presets: Preset[]; onEdit: () => void }) {
  const { t } = useTranslation();
  const may = can(useMe(), "promise.manage");
  const language = currentLanguage();
  const { preset } = terms;
  return (
    <Section
      title={
        <span className="flex flex-wrap items-center gap-2">
          {inLanguage(preset.name, language)}
          <Pill tone="ok">{t("promises.in_force")}</Pill>
          {isEdited(preset, presets) && <Pill tone="brand">{t("promises.edited")}</Pill>}
          <span className="num text-2xs font-normal text-faint">{t("promises.version", { n: terms.version })}</span>
        </span>
      }
      description={inLanguage(preset.note, language)}
      actions={
        may && (
          <Button icon={<Pencil size={14} />} onClick={onEdit}>
            {t("promises.edit")}
          </Button>
        )
      }
    >
      <PromiseTable label={t("promises.in_force_table")} preset={preset} terms={terms} />
    </Section>
  );
}

/** The presets side by side: rows are promises, columns presets. */
function Comparison({ terms, presets, onChoose }: { terms: Terms; presets: Preset[]; onChoose: (preset: Preset) => void }) {
  const { t } = useTranslation();
  const may = can(useMe(), "promise.manage");
  const words = useMatchWords();
  const language = currentLanguage();
  const metrics = new Map(terms.metrics.map((metric) => [metric.code, inLanguage(metric.name, language)]));
  const rows = compare(presets, terms.metrics.map((metric) => metric.code));
  return (
    <div role="region" aria-label={t("promises.presets")} tabIndex={0} className="scroll relative overflow-x-auto rounded-xl border">
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{t("promises.presets")}</caption>
        <thead>
          <tr className="border-b bg-raise text-left align-top">
            <th scope="col" className="sticky left-0 z-10 min-w-36 bg-raise px-3 py-2 text-xs font-medium text-mut max-md:static">
              {t("promises.metric")}
            </th>
            {presets.map((preset) => (
              <th key={preset.code} scope="col" className="min-w-36 px-3 py-2 font-normal">
                <span className="flex flex-wrap items-center gap-1.5 font-semibold">
                  {inLanguage(preset.name, language)}
                  {preset.code === terms.preset.code && <Pill tone="ok">{t("promises.in_force")}</Pill>}
                </span>
                {may && (
                  <Button size="sm" className="mt-1.5" aria-label={t("promises.choose_named", { name: inLanguage(preset.name, language) })} onClick={() => onChoose(preset)}>
                    {preset.code === terms.preset.code ? t("promises.reset") : t("promises.choose")}
                  </Button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className="border-b last:border-b-0">
              <th scope="row" className="sticky left-0 z-10 bg-panel px-3 py-1.5 text-left font-normal max-md:static">
                {metrics.get(row.metric) ?? row.metric}
                <span className="block text-2xs text-mut">{matchText(row.match, words)}</span>
              </th>
              {row.terms.map((term, i) => (
                <td key={presets[i]!.code} className="num px-3 py-1.5 whitespace-nowrap">
                  {term ? termText(term, language) : <span className="text-faint">—<span className="sr-only">{t("promises.none")}</span></span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Versions() {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: promiseKeys.versions,
    queryFn: ({ pageParam }) => promises.versions(pageParam),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ items }) => (items.length === 20 ? items.at(-1)?.version : undefined),
  });
  const rows = query.data?.pages.flatMap((page) => page.items);
  const what = (name: string) => (name === "preset" || name === "calendar" || name === "notice" ? t(`promises.changed.${name}`) : name);
  const columns: Column<NonNullable<typeof rows>[number]>[] = [
    { key: "version", header: t("promises.history.version"), cell: ({ version }) => <span className="num">{version}</span> },
    { key: "what", header: t("promises.history.what"), cell: (row) => what(row.what) },
    { key: "by", header: t("promises.history.by"), cell: ({ by_name }) => by_name || "—" },
    { key: "at", header: t("promises.history.at"), cell: ({ at }) => <time dateTime={at} className="num whitespace-nowrap">{whenText(at)}</time> },
  ];
  return (
    <Section title={t("promises.history.title")} description={t("promises.history.hint")}>
      {query.isError && !rows ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      ) : !rows ? (
        <SkeletonRows rows={2} />
      ) : rows.length === 0 ? (
        <EmptyState className="py-6" icon={<History size={20} />} title={t("promises.history.empty")} detail={t("promises.history.empty_hint")} />
      ) : (
        <>
          <Table label={t("promises.history.title")} columns={columns} rows={rows} rowKey={({ version }) => String(version)} />
          <LoadMore more={query.hasNextPage} loading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
        </>
      )}
    </Section>
  );
}
