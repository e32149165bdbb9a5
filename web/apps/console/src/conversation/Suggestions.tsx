import { api, type Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { useQuery } from "@tanstack/react-query";
import { Sparkles } from "lucide-react";
import { useKeys } from "../live/keys";
import { ReplyDraft } from "./Draft";

interface SuggestionsProps {
  conversation: Conversation;
  /** Puts an answer into the empty reply. */
  onInsert: (answer: string) => void;
}

/** Above the empty reply: what the knowledge base says to the customer's last words. */
export function Suggestions({ conversation: c, onInsert }: SuggestionsProps) {
  const { t } = useTranslation();
  const waits = c.last_from !== "agent";
  const query = useQuery({ queryKey: ["suggestions", c.id, c.last_seq], queryFn: () => api.conversations.suggestions(c.id), enabled: waits, staleTime: Infinity, retry: false });
  const items = (waits && query.data?.items) || [];
  useKeys({ "Alt s": () => (items[0] ? onInsert(items[0].answer) : false) });
  const drafted = waits && <ReplyDraft key={`${c.id} ${c.last_seq}`} conversation={c} onInsert={onInsert} />;
  if (items.length === 0) return drafted || null;
  return (
    <>
    <section aria-label={t("conversation.suggestions.title")} className="mx-4 mb-2 flex items-center gap-2 text-xs">
      <Sparkles size={13} className="shrink-0 text-ai" aria-hidden="true" />
      <ul className="flex min-w-0 flex-wrap gap-1.5">
        {items.map(({ id, question, answer }, n) => (
          <li key={id} className="max-w-full">
            <button
              type="button"
              onClick={() => onInsert(answer)}
              title={answer}
              aria-keyshortcuts={n === 0 ? "Alt+S" : undefined}
              className="max-w-full truncate rounded-md border border-ai-line bg-ai-soft px-2 py-1 text-left text-ai hover:bg-panel"
            >
              {question}
            </button>
          </li>
        ))}
      </ul>
    </section>
    {drafted}
    </>
  );
}
