import { useQuery } from "@tanstack/react-query";
import { api, type Article } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { EmptyState } from "@yingda/ui";
import { BookOpenText } from "lucide-react";
import { Loaded } from "../form/failure";
import { usePages } from "../form/pages";
import { ArticleEditor } from "./ArticleEditor";
import { EntryList, type Entry } from "./EntryList";
import type { PaneProps } from "./QuestionPane";
import { knowledgeKeys } from "./keys";

export function ArticlePane({ id, filter, onFilter }: PaneProps) {
  const { t } = useTranslation();
  const list = usePages([...knowledgeKeys.articles, "list", filter], async (cursor) => {
    const page = await api.articles.list(filter, cursor);
    return { ...page, items: page.items.map(entryOf) };
  });
  return (
    <>
      <EntryList section="articles" open={id} filter={filter} onFilter={onFilter} list={list} />
      {id === undefined ? (
        <div className="grid min-w-0 flex-1 place-items-center border-l bg-canvas max-lg:hidden">
          <EmptyState icon={<BookOpenText size={20} />} title={t("knowledge.articles.choose")} detail={t("knowledge.articles.choose_hint")} />
        </div>
      ) : (
        <div className="scroll min-h-0 min-w-0 flex-1 overflow-y-auto border-l bg-canvas px-6 py-5 max-lg:border-l-0 max-md:px-4">
          {id === "new" ? <ArticleEditor key="new" /> : <SavedArticle key={id} id={id} />}
        </div>
      )}
    </>
  );
}

function SavedArticle({ id }: { id: string }) {
  const query = useQuery({ queryKey: [...knowledgeKeys.articles, id], queryFn: () => api.articles.get(id) });
  return <Loaded query={query}>{(article) => <ArticleEditor saved={article} />}</Loaded>;
}

function entryOf({ id, title, category, status, audience, views, updated_at }: Article): Entry {
  return { id, heading: title, category, status, internal: audience === "internal", views, updated_at };
}
