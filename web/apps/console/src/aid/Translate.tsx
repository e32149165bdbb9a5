import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { tongues, translate, type Conversation, type Message, type Tongue } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Select, Textarea } from "@yingda/ui";
import { Languages } from "lucide-react";
import { useState } from "react";
import { problem } from "../problem";
import { can, queryClient, useMe } from "../query";
import { useDrafts } from "../conversation/Draft";
import { foreign, tongueOf } from "./tongue";

const madeKey = (id: string, language: string) => ["translations", id, language] as const;

/** Under what a contact wrote in another language: the translation, or the button that asks for it. */
export function MessageTranslation({ message: m, conversation: c }: { message: Message; conversation: Conversation }) {
  const { t } = useTranslation();
  const language = currentLanguage();
  const wanted = foreign(m.text, language);
  const made = useQuery({ queryKey: madeKey(c.id, language), queryFn: () => translate.made(c.id, language), enabled: wanted, staleTime: Infinity, retry: false });
  const drafts = useDrafts(c, wanted);
  const [explains, setExplains] = useState(false);
  const ask = useMutation({
    mutationFn: () => translate.message(m.id, language),
    onSuccess: ({ text }) => text && queryClient.setQueryData(madeKey(c.id, language), (old?: { texts: Record<string, string> }) => ({ texts: { ...old?.texts, [m.id]: text } })),
  });
  if (!wanted) return null;
  const text = made.data?.texts[m.id];
  const why = ask.data?.why?.[language] ?? (ask.error ? problem(ask.error).text : undefined);
  return (
    <div className="mt-1 text-xs">
      {text ? (
        <p className="border-l-2 border-ai-line pl-2 text-mut">
          <span className="sr-only">{t("aids.translate.made")}: </span>
          <span className="whitespace-pre-wrap">{text}</span>
        </p>
      ) : (
        <Button size="sm" variant="ghost" icon={<Languages size={13} aria-hidden="true" />} loading={ask.isPending} onClick={() => (drafts.translate ? ask.mutate() : setExplains(true))}>
          {t("aids.translate.message")}
        </Button>
      )}
      <div role="status">
        {why && <span className="text-mut">{t("aids.translate.refused", { why })}</span>}
        {explains && !text && <NoModel why={drafts.translate_why?.[language]} />}
      </div>
    </div>
  );
}

/** Why nothing can be translated, what to set up, and where. */
function NoModel({ why }: { why?: string }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <span className="text-mut">
      {why ? t("aids.translate.none", { why }) : t("aids.translate.needs")}{" "}
      {can(me, "setting.manage") ? (
        <Link to="/settings/{-$section}" params={{ section: "model" }} className="text-brand-ink underline underline-offset-2">
          {t("aids.translate.set_up")}
        </Link>
      ) : (
        t("aids.translate.ask_admin")
      )}
    </span>
  );
}

interface TranslateDialogProps {
  conversation: Conversation;
  text: string;
  /** What the contact wrote last: its language is the first choice. */
  said?: string;
  onSend: (text: string, original: string) => void;
  onClose: () => void;
}

/** Translates what an agent has written; it is sent only after they have looked at it. */
export default function TranslateDialog({ conversation: c, text, said, onSend, onClose }: TranslateDialogProps) {
  const { t } = useTranslation();
  const language = currentLanguage();
  const drafts = useDrafts(c);
  const [to, setTo] = useState<Tongue>(() => tongueOf(said ?? "", language) ?? (c.language === language ? (language === "zh" ? "en" : "zh") : c.language));
  const [edited, setEdited] = useState("");
  const names = new Intl.DisplayNames([language], { type: "language" });
  const ask = useMutation({ mutationFn: () => translate.reply(c.id, text, to), onSuccess: ({ text: made }) => setEdited(made) });
  const why = ask.data?.why?.[language] ?? (ask.error ? problem(ask.error).text : undefined);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("aids.translate.reply")}
      description={t("aids.translate.reply_hint")}
      onSubmit={() => edited.trim() && onSend(edited.trim(), text)}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={!edited.trim()}>
            {t("aids.translate.send")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div>
          <h3 className="text-xs font-medium">{t("aids.translate.original")}</h3>
          <p className="mt-1 rounded-lg bg-raise px-3 py-2 text-sm whitespace-pre-wrap">{text}</p>
        </div>
        <div className="flex items-end gap-2">
          <Field label={t("aids.translate.into")} className="min-w-0 flex-1">
            <Select value={to} onChange={setTo} options={tongues.map((value) => ({ value, label: names.of(value) ?? value }))} />
          </Field>
          <Button icon={<Languages size={14} aria-hidden="true" />} loading={ask.isPending} disabled={!drafts.translate} onClick={() => ask.mutate()}>
            {t("aids.translate.do")}
          </Button>
        </div>
        <div role="status" className="text-xs empty:hidden">
          {!drafts.translate && <NoModel why={drafts.translate_why?.[language]} />}
          {why && <span className="text-bad">{t("aids.translate.refused", { why })}</span>}
        </div>
        {ask.data?.text && (
          <Field label={t("aids.translate.made")} hint={t("aids.translate.made_hint")}>
            <Textarea minRows={3} maxLength={8000} value={edited} onChange={(event) => setEdited(event.target.value)} />
          </Field>
        )}
      </div>
    </Dialog>
  );
}
