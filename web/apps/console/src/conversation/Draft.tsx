import { useMutation, useQuery } from "@tanstack/react-query";
import { model, type Conversation, type ModelDraft, type ModelDrafts } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button } from "@yingda/ui";
import { PenLine } from "lucide-react";
import { problem } from "../problem";

const none: ModelDrafts = { reply: false, summary: false, translate: false };

/** Which drafts a model can write for a conversation now; none while that is not known. */
export function useDrafts(c: Conversation, enabled = true) {
  const query = useQuery({ queryKey: ["drafts", c.id], queryFn: () => model.drafts(c.id), enabled, staleTime: 60_000, retry: false });
  return query.data ?? none;
}

/** A reply that a model drafts from what is public, marked as a draft, with what it rests on. */
export function ReplyDraft({ conversation: c, onInsert }: { conversation: Conversation; onInsert: (text: string) => void }) {
  const { t } = useTranslation();
  const drafts = useDrafts(c);
  const draft = useMutation({ mutationFn: () => model.draft(c.id, "reply") });
  if (!drafts.reply) return null;
  return (
    <div className="mx-4 mb-2 flex flex-col items-start gap-1.5 text-xs">
      {!draft.data?.text && (
        <Button size="sm" icon={<PenLine size={13} />} loading={draft.isPending} onClick={() => draft.mutate()}>
          {t("conversation.suggestions.draft")}
        </Button>
      )}
      <div role="status">
        {draft.error && <span className="text-bad">{t("conversation.suggestions.draft_none", { why: problem(draft.error).text })}</span>}
        {draft.data?.why && <span className="text-mut">{t("conversation.suggestions.draft_none", { why: draft.data.why[currentLanguage()] })}</span>}
      </div>
      {draft.data?.text && <Made of={draft.data} onInsert={(text) => (onInsert(text), draft.reset())} />}
    </div>
  );
}

const citations = /\s*\[\d{1,3}\]/g;

function Made({ of: d, onInsert }: { of: ModelDraft; onInsert: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className="w-full rounded-lg border border-ai-line bg-ai-soft px-3 py-2">
      <p className={d.confirm ? "font-medium text-warn" : "font-medium text-ai"}>{d.confirm ? t("conversation.suggestions.draft_money") : t("conversation.suggestions.draft_made")}</p>
      <p className="my-1 text-sm whitespace-pre-wrap text-fg">{d.text}</p>
      {d.sources.length > 0 && <p className="mb-1.5 text-mut">{t("conversation.suggestions.draft_sources", { titles: d.sources.map((s, i) => `[${i + 1}] ${s.title}`).join(" · ") })}</p>}
      <Button size="sm" onClick={() => onInsert(d.text.replace(citations, ""))}>
        {t("conversation.suggestions.draft_use")}
      </Button>
    </div>
  );
}
