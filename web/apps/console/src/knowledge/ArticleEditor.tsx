import { api, type Article, type ArticleDraft } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Field, IconButton, Input, SaveBar, Section, Tabs, Textarea } from "@yingda/ui";
import { Bold, Code, Heading2, Link2, List, ListOrdered, Quote, type LucideIcon } from "lucide-react";
import { useRef, useState, type KeyboardEvent } from "react";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { fieldErrors } from "../form/failure";
import { problem } from "../problem";
import { can, useMe } from "../query";
import { Markdown } from "./Markdown";
import { ConflictBanner, EntryHeader, PlaceFields, useLife } from "./entry";

/** One article of the help centre, written in Markdown. */
export function ArticleEditor({ saved }: { saved?: Article }) {
  const { t } = useTranslation();
  const readOnly = !can(useMe(), "knowledge.edit");
  const { draft, dirty, set, discard } = useDraft<ArticleDraft>(saved ? draftOf(saved) : blank());
  const life = useLife<ArticleDraft, Article>({ section: "articles", calls: api.articles, saved, draft, dirty, discard });
  const error = life.conflict ? undefined : life.save.error;
  const errors = fieldErrors(error);
  return (
    <>
      <LeaveGuard dirty={dirty && !life.save.isPending} />
      <EntryHeader section="articles" saved={saved} title={draft.title || t("knowledge.articles.add")} life={life} ready={draft.title.trim() !== "" && draft.body.trim() !== ""} />
      {life.conflict && <ConflictBanner life={life} />}
      <div className="mx-auto max-w-4xl">
        <Section>
          <div className="grid gap-4 sm:grid-cols-[2fr_1fr]">
            <Field label={t("knowledge.articles.heading")} error={errors["title"]} required>
              <Input value={draft.title} maxLength={120} readOnly={readOnly} onChange={(e) => set({ title: e.target.value })} />
            </Field>
            <Field label={t("knowledge.articles.slug")} hint={t("knowledge.articles.slug_hint")} error={errors["slug"]}>
              <Input value={draft.slug} maxLength={80} readOnly={readOnly} className="font-mono" placeholder="refund-time" onChange={(e) => set({ slug: slugOf(e.target.value) })} />
            </Field>
          </div>
        </Section>
        <BodyEditor body={draft.body} error={errors["body"]} readOnly={readOnly} onChange={(body) => set({ body })} />
        <Section>
          <PlaceFields {...draft} onChange={set} errors={errors} readOnly={readOnly} />
        </Section>
        <SaveBar
          dirty={dirty && !readOnly}
          saving={life.save.isPending}
          saveLabel={saved?.status === "published" ? t("knowledge.save_published") : t("knowledge.save_draft")}
          onSave={() => life.save.mutate(undefined)}
          onDiscard={discard}
          error={error ? problem(error).text : undefined}
        />
      </div>
    </>
  );
}

type Mark = "bold" | "heading" | "list" | "numbered" | "link" | "quote" | "code";

const marks: readonly { name: Mark; icon: LucideIcon; keys?: string; before: string; after: string; line?: boolean }[] = [
  { name: "heading", icon: Heading2, before: "## ", after: "", line: true },
  { name: "bold", icon: Bold, keys: "Ctrl B", before: "**", after: "**" },
  { name: "link", icon: Link2, keys: "Ctrl K", before: "[", after: "](https://)" },
  { name: "list", icon: List, before: "- ", after: "", line: true },
  { name: "numbered", icon: ListOrdered, before: "1. ", after: "", line: true },
  { name: "quote", icon: Quote, before: "> ", after: "", line: true },
  { name: "code", icon: Code, before: "`", after: "`" },
];

interface BodyEditorProps {
  body: string;
  error?: string;
  readOnly: boolean;
  onChange: (body: string) => void;
}

function BodyEditor({ body, error, readOnly, onChange }: BodyEditorProps) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<"write" | "preview">(readOnly ? "preview" : "write");
  const area = useRef<HTMLTextAreaElement>(null);

  function put(name: Mark) {
    const mark = marks.find((each) => each.name === name);
    const box = area.current;
    if (!mark || !box) return;
    const from = mark.line ? body.lastIndexOf("\n", box.selectionStart - 1) + 1 : box.selectionStart;
    const inside = body.slice(from, box.selectionEnd);
    const marked = mark.line ? inside.replace(/^/gm, mark.before) : mark.before + inside + mark.after;
    onChange(body.slice(0, from) + marked + body.slice(box.selectionEnd));
    const caret = mark.line ? from + marked.length : from + mark.before.length + inside.length;
    requestAnimationFrame(() => {
      box.focus();
      box.setSelectionRange(mark.line ? caret : from + mark.before.length, caret);
    });
  }
  function keyDown(event: KeyboardEvent) {
    if (!(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    const name = ({ b: "bold", k: "link" } as const)[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    put(name);
  }
  return (
    <Section className="[&>div]:pt-1">
      <Tabs label={t("knowledge.articles.body")} value={tab} onChange={setTab} items={[{ value: "write", label: t("knowledge.articles.write") }, { value: "preview", label: t("knowledge.articles.preview") }]}>
        {tab === "write" ? (
          <>
            <div role="toolbar" aria-label={t("knowledge.articles.marks")} className="flex gap-0.5 py-2">
              {marks.map(({ name, icon: Icon, keys }) => (
                <IconButton key={name} label={t(`knowledge.articles.mark.${name}`)} keys={keys} icon={<Icon size={15} />} disabled={readOnly} onClick={() => put(name)} />
              ))}
            </div>
            <Field label={t("knowledge.articles.body")} hideLabel error={error} hint={t("knowledge.articles.body_hint")}>
              <Textarea ref={area} className="font-mono" minRows={16} maxRows={34} value={body} readOnly={readOnly} onChange={(e) => onChange(e.target.value)} onKeyDown={keyDown} />
            </Field>
          </>
        ) : (
          <div className="min-h-[340px] py-4">{body.trim() ? <Markdown text={body} /> : <p className="text-xs text-faint">{t("knowledge.articles.nothing")}</p>}</div>
        )}
      </Tabs>
    </Section>
  );
}

function draftOf({ slug, title, body, category, language, audience }: Article): ArticleDraft {
  return { slug, title, body, category, language, audience };
}

function blank(): ArticleDraft {
  return { slug: "", title: "", body: "", category: "", language: currentLanguage(), audience: "public" };
}

function slugOf(text: string): string {
  return text.toLowerCase().replace(/[\s_]+/g, "-").replace(/[^a-z0-9-]/g, "");
}
