import { useQuery } from "@tanstack/react-query";
import { api, type KnowledgeFilter, type Question } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { EmptyState } from "@yingda/ui";
import { CircleHelp } from "lucide-react";
import { Loaded } from "../form/failure";
import { usePages } from "../form/pages";
import { EntryList, type Entry } from "./EntryList";
import { QuestionEditor } from "./QuestionEditor";
import { knowledgeKeys } from "./keys";

export interface PaneProps {
  /** Which one is open; "new" for one that is not saved yet. */
  id?: string;
  filter: KnowledgeFilter;
  onFilter: (filter: KnowledgeFilter) => void;
}

export function QuestionPane({ id, filter, onFilter }: PaneProps) {
  const { t } = useTranslation();
  const list = usePages([...knowledgeKeys.questions, "list", filter], async (cursor) => {
    const page = await api.questions.list(filter, cursor);
    return { ...page, items: page.items.map(entryOf) };
  });
  return (
    <>
      <EntryList section="questions" open={id} filter={filter} onFilter={onFilter} list={list} />
      {id === undefined ? (
        <div className="grid min-w-0 flex-1 place-items-center border-l bg-canvas max-lg:hidden">
          <EmptyState icon={<CircleHelp size={20} />} title={t("knowledge.questions.choose")} detail={t("knowledge.questions.choose_hint")} />
        </div>
      ) : (
        <div className="scroll min-h-0 min-w-0 flex-1 overflow-y-auto border-l bg-canvas px-6 py-5 max-lg:border-l-0 max-md:px-4">
          {id === "new" ? <QuestionEditor key="new" /> : <SavedQuestion key={id} id={id} />}
        </div>
      )}
    </>
  );
}

function SavedQuestion({ id }: { id: string }) {
  const query = useQuery({ queryKey: [...knowledgeKeys.questions, id], queryFn: () => api.questions.get(id) });
  return <Loaded query={query}>{(question) => <QuestionEditor saved={question} />}</Loaded>;
}

function entryOf({ id, question, category, status, audience, views, updated_at }: Question): Entry {
  return { id, heading: question, category, status, internal: audience === "internal", views, updated_at };
}
