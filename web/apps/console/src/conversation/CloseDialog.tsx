import { api, model, type Category, type Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Combobox, Dialog, ErrorState, Field, RadioGroup, SkeletonRows, Textarea, useToast } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { PenLine, Sparkles } from "lucide-react";
import { useState } from "react";
import { patchConversation } from "../live/feed";
import { problem } from "../problem";
import { useDrafts } from "./Draft";
import { can, queryClient, useMe, useSettings, useTeams } from "../query";

interface Leaf {
  id: string;
  path: string;
}

/** The ends of the category tree with the way to them: "售后 / 质量问题 / 噪音". */
export function leaves(tree: Category[], language: "zh" | "en", above: string[] = []): Leaf[] {
  return tree.flatMap((node) => {
    const path = [...above, node[language] || node.zh];
    return node.children?.length ? leaves(node.children, language, path) : [{ id: node.id, path: path.join(" / ") }];
  });
}

/** Closes a conversation with its summary: what it was about and how it ended. */
export default function CloseDialog({ conversation: c, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const settings = useSettings();
  const language = i18n.language === "en" ? "en" : "zh";
  const [category, setCategory] = useState<string | undefined>(c.summary?.category || undefined);
  const [result, setResult] = useState<string | undefined>(c.summary?.result || (c.closed_by === "system" ? "silent" : undefined));
  const [note, setNote] = useState(c.summary?.note ?? "");
  const [understood, setUnderstood] = useState(c.summary?.understood ?? false);
  const [checked, setChecked] = useState(false);
  const closing = useQuery({ queryKey: ["conversations", c.id, "closing", language], queryFn: () => api.conversations.closing(c.id, language), staleTime: 0, retry: false });
  const paths = settings.data ? leaves(settings.data.categories, language) : [];
  const guesses = (closing.data?.categories ?? []).flatMap((guess) => paths.filter(({ id }) => id === guess.id).map((leaf) => ({ ...leaf, probability: guess.probability })));

  const close = useMutation({
    mutationFn: () => api.conversations.close(c.id, { category: category!, result: result!, note: note.trim() || undefined, understood: understood || undefined, suggested: guesses[0]?.id }),
    onSuccess(changed) {
      patchConversation(queryClient, changed, true);
      toast({ text: t("conversation.done.closed"), tone: "ok" });
      onClose();
    },
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });

  const me = useMe();
  const teams = useTeams();
  const ending = settings.data?.results.find((each) => each.id === result);
  const told = c.state === "active" ? ending?.tell?.[language] || ending?.tell?.zh : undefined;
  const team = c.state === "active" && can(me, "conversation.transfer") ? teams.data?.items.find((each) => each.id === ending?.team_id) : undefined;
  const redirect = useMutation({
    mutationFn: () => api.conversations.transfer(c.id, { team_id: team!.id, note: [ending?.[language] || ending?.zh, note.trim()].filter(Boolean).join("：") }),
    onSuccess(changed) {
      patchConversation(queryClient, changed, true);
      toast({ text: t("conversation.done.transferred", { name: team?.name }), tone: "ok" });
      onClose();
    },
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });

  const drafts = useDrafts(c);
  const draft = useMutation({ mutationFn: () => model.draft(c.id, "summary"), onSuccess: ({ text }) => text && setNote((typed) => (typed.trim() ? `${typed.trim()}\n${text}` : text)) });

  function submit() {
    setChecked(true);
    if (category && result && !close.isPending) close.mutate();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("conversation.close.title")}
      description={`${c.contact_name} · #${c.number}`}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          {team && (
            <Button loading={redirect.isPending} onClick={() => redirect.mutate()}>
              {t("conversation.close.redirect", { name: team.name })}
            </Button>
          )}
          <Button type="submit" variant="primary" loading={close.isPending} disabled={!settings.data}>
            {t("conversation.close.submit")}
          </Button>
        </>
      }
    >
      {settings.isPending && <SkeletonRows rows={3} />}
      {settings.error && <ErrorState title={t("common.error.title")} detail={problem(settings.error).text} onRetry={() => void settings.refetch()} />}
      {settings.data && (
        <div className="flex flex-col gap-4">
          <Field label={t("conversation.close.category")} required error={checked && !category ? t("conversation.close.category_required") : undefined}>
            <Combobox value={category} onChange={setCategory} placeholder={t("conversation.close.category_pick")} options={paths.map((leaf) => ({ value: leaf.id, label: leaf.path }))} />
          </Field>
          {!category && guesses.length > 0 && (
            <div role="group" aria-label={t("conversation.close.guesses")} className="-mt-2 flex flex-wrap items-center gap-1.5 text-xs text-mut">
              <Sparkles size={13} className="text-ai" aria-hidden="true" />
              {guesses.map((guess) => (
                <Button key={guess.id} size="sm" onClick={() => setCategory(guess.id)}>
                  {guess.path} <span className="num text-faint">{Math.round(guess.probability * 100)}%</span>
                </Button>
              ))}
              <span className="text-2xs text-mut">{closing.data!.why[language]}</span>
            </div>
          )}
          <Field label={t("conversation.close.result")} required error={checked && !result ? t("conversation.close.result_required") : undefined}>
            <RadioGroup inline value={result} onChange={setResult} choices={settings.data.results.map((each) => ({ value: each.id, label: each[language] || each.zh }))} />
          </Field>
          {told && (
            <p className="rounded-lg bg-line2 px-3 py-2 text-xs">
              <span className="text-mut">{t("conversation.close.told")}</span> {told}
            </p>
          )}
          <Checkbox checked={understood} onChange={setUnderstood} label={t("conversation.close.understood")} hint={t("conversation.close.understood_hint")} />
          <Field label={t("conversation.close.note")} aside={t("common.optional")}>
            <Textarea minRows={3} value={note} onChange={(e) => setNote(e.target.value)} placeholder={t("conversation.close.note_placeholder")} />
          </Field>
          {!note && closing.data?.note && (
            <div className="-mt-2 flex items-start gap-2 rounded-lg border border-ai-line bg-ai-soft px-3 py-2 text-xs">
              <Sparkles size={13} className="mt-0.5 shrink-0 text-ai" aria-hidden="true" />
              <span className="min-w-0 flex-1">{closing.data.note}</span>
              <Button size="sm" onClick={() => setNote(closing.data.note)}>
                {t("conversation.close.take_note")}
              </Button>
            </div>
          )}
          {drafts.summary && (
            <div className="flex flex-wrap items-center gap-2 text-xs">
              <Button size="sm" icon={<PenLine size={13} />} loading={draft.isPending} onClick={() => draft.mutate()}>
                {t("conversation.suggestions.summary")}
              </Button>
              <span role="status" className="text-mut">
                {draft.data?.text ? t("conversation.suggestions.draft_made") : (draft.data?.why ?? draft.error) && t("conversation.suggestions.draft_none", { why: draft.data?.why?.[language] ?? problem(draft.error).text })}
              </span>
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}
