import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, type KnowledgeFilter, type Publication } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, IconButton, Pill, Select, Skeleton, SkeletonRows, buttonClass, cn } from "@yingda/ui";
import { BookOpenText, Eye, FileUp, Plus } from "lucide-react";
import { useState } from "react";
import { PagedList } from "../form/PagedList";
import { SearchInput } from "../form/SearchInput";
import type { usePages } from "../form/pages";
import { can, useMe } from "../query";
import { ago, useNow } from "../time";
import { BringDialog } from "./BringDialog";
import { knowledgeKeys } from "./keys";

/** What a question and an article have in common in a list. */
export interface Entry {
  id: string;
  heading: string;
  category: string;
  status: Publication;
  internal: boolean;
  views: number;
  updated_at: string;
}

export interface EntryListProps {
  section: "questions" | "articles";
  open?: string;
  filter: KnowledgeFilter;
  onFilter: (filter: KnowledgeFilter) => void;
  list: ReturnType<typeof usePages<Entry>>;
}

/** The list beside the editor: search, filters, and the way to a new one. */
export function EntryList({ section, open, filter, onFilter, list }: EntryListProps) {
  const { t } = useTranslation();
  const edits = can(useMe(), "knowledge.edit");
  const [bringing, setBringing] = useState(false);
  const filtered = Boolean(filter.q || filter.status || filter.category);
  const add = (
    <Link to="/knowledge/{-$section}/{-$id}" params={{ section, id: "new" }} className={buttonClass("primary", "sm")}>
      <Plus size={14} aria-hidden="true" />
      {t(`knowledge.${section}.add`)}
    </Link>
  );
  return (
    <section aria-label={t(`knowledge.sections.${section}`)} className={cn("flex min-h-0 shrink-0 flex-col border-l bg-panel lg:w-[330px]", open ? "max-lg:hidden" : "max-lg:flex-1 max-lg:border-l-0")}>
      <header className="flex flex-col gap-2 border-b px-4 py-3">
        <div className="flex h-7 items-center gap-2">
          <h2 className="flex-1 text-base font-semibold">{t(`knowledge.sections.${section}`)}</h2>
          {edits && <IconButton label={t("knowledge.bring.short")} icon={<FileUp size={15} />} onClick={() => setBringing(true)} />}
          {edits && add}
        </div>
        {bringing && <BringDialog section={section} onClose={() => setBringing(false)} />}
        <SearchInput label={t(`knowledge.${section}.find`)} value={filter.q ?? ""} onSearch={(q) => onFilter({ ...filter, q: q || undefined })} />
        <Filters filter={filter} onFilter={onFilter} />
      </header>
      <div className="scroll min-h-0 flex-1 overflow-y-auto">
        <PagedList
          list={list}
          skeleton={<ListSkeleton />}
          empty={
            filtered ? (
              <EmptyState icon={<BookOpenText size={20} />} title={t("knowledge.no_match")} action={<Button onClick={() => onFilter({})}>{t("knowledge.reset")}</Button>} />
            ) : (
              <EmptyState icon={<BookOpenText size={20} />} title={t(`knowledge.${section}.empty`)} detail={t(`knowledge.${section}.empty_hint`)} action={edits && add} />
            )
          }
        >
          {(rows) => (
            <ul>
              {rows.map((entry) => (
                <li key={entry.id}>
                  <EntryRow section={section} entry={entry} open={entry.id === open} />
                </li>
              ))}
            </ul>
          )}
        </PagedList>
      </div>
    </section>
  );
}

function Filters({ filter, onFilter }: Pick<EntryListProps, "filter" | "onFilter">) {
  const { t } = useTranslation();
  const categories = useQuery({ queryKey: knowledgeKeys.categories, queryFn: api.knowledge.categories });
  return (
    <div className="grid grid-cols-2 gap-2 lg:grid-cols-1">
      <Select
        label={t("knowledge.status.title")}
        value={filter.status ?? ""}
        onChange={(status) => onFilter({ ...filter, status: status || undefined })}
        options={[
          { value: "", label: t("knowledge.status.any") },
          { value: "published", label: t("knowledge.status.published") },
          { value: "draft", label: t("knowledge.status.draft") },
        ]}
      />
      <div className="lg:hidden">
        <Select
          label={t("knowledge.category")}
          value={filter.category ?? ""}
          onChange={(category) => onFilter({ ...filter, category: category || undefined })}
          options={[{ value: "", label: t("knowledge.any_category") }, ...(categories.data?.items ?? []).filter(({ name }) => name !== "").map(({ name }) => ({ value: name, label: name }))]}
        />
      </div>
    </div>
  );
}

function EntryRow({ section, entry, open }: { section: "questions" | "articles"; entry: Entry; open: boolean }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  return (
    <Link
      to="/knowledge/{-$section}/{-$id}"
      params={{ section, id: entry.id }}
      aria-current={open ? "true" : undefined}
      className={cn("block border-b px-4 py-2.5 hover:bg-raise", open && "bg-brand-soft shadow-[inset_3px_0_0_var(--brand)] hover:bg-brand-soft")}
    >
      <span className="line-clamp-2 font-medium">{entry.heading || t("knowledge.untitled")}</span>
      <span className="mt-1 flex items-center gap-1.5 text-2xs text-mut">
        <Pill tone={entry.status === "published" ? "ok" : "plain"}>{t(`knowledge.status.${entry.status}`)}</Pill>
        {entry.internal && <Pill tone="warn">{t("knowledge.audience.internal")}</Pill>}
        <span className="truncate">{entry.category}</span>
        <span className="num ml-auto flex shrink-0 items-center gap-1">
          <Eye size={12} aria-hidden="true" />
          <span className="sr-only">{t("knowledge.views")}</span>
          {entry.views} · {ago(entry.updated_at, now)}
        </span>
      </span>
    </Link>
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
