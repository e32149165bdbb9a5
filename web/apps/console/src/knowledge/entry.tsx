import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, type Audience, type Lang, type Publication } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Field, IconButton, Input, Menu, Pill, RadioGroup, Segmented, useToast } from "@yingda/ui";
import { ArrowLeft, MoreHorizontal, RefreshCw, Trash2, TriangleAlert } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { isConflict, useChange } from "../form/failure";
import { whenText } from "../form/when";
import { can, queryClient, useMe } from "../query";
import { knowledgeKeys } from "./keys";

/** What is the same in the life of a question and of an article: saving, publishing, conflict, deletion. */

export interface Kept {
  id: string;
  version: number;
  status: Publication;
  updated_at: string;
  updated_by?: string;
  /** How many customers and readers it helped, and how many not. */
  helpful: number;
  unhelpful: number;
}

export interface Calls<D, K extends Kept> {
  get: (id: string) => Promise<K>;
  add: (draft: D) => Promise<K>;
  save: (id: string, draft: D & { version?: number }) => Promise<K>;
  remove: (id: string) => Promise<void>;
  publish: (id: string) => Promise<K>;
  unpublish: (id: string) => Promise<K>;
}

export interface LifeOptions<D, K extends Kept> {
  section: "questions" | "articles";
  calls: Calls<D, K>;
  saved?: K;
  draft: D;
  dirty: boolean;
  discard: () => void;
}

export function useLife<D, K extends Kept>({ section, calls, saved, draft, dirty, discard }: LifeOptions<D, K>) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const toast = useToast();
  const goTo = (id?: string) => void navigate({ to: "/knowledge/{-$section}/{-$id}", params: { section, id }, ignoreBlocker: true });

  function keep(kept: K) {
    queryClient.setQueryData([section, kept.id], kept);
    void queryClient.invalidateQueries({ queryKey: [section, "list"] });
    void queryClient.invalidateQueries({ queryKey: knowledgeKeys.categories });
  }
  /** Shows what was kept otherwise than by saving the form, whose changes go. */
  function replace(kept: K) {
    keep(kept);
    discard();
  }
  async function write(version?: number): Promise<K> {
    const kept = saved ? await calls.save(saved.id, { ...draft, version: version ?? saved.version }) : await calls.add(draft);
    keep(kept);
    discard();
    if (!saved) goTo(kept.id);
    return kept;
  }
  const save = useChange((version: number | undefined) => write(version), { done: t("knowledge.saved"), quiet: true });
  const overwrite = useChange(async () => save.mutateAsync((await calls.get(saved!.id)).version), { quiet: true });
  const reload = useChange(() => calls.get(saved!.id), {
    onDone: (kept) => {
      keep(kept);
      discard();
      save.reset();
    },
  });
  const unpublish = useChange((id: string) => calls.unpublish(id), { onDone: keep, done: t("knowledge.unpublished") });
  const publish = useChange(
    async () => {
      const kept = dirty || !saved ? await write() : saved;
      return calls.publish(kept.id);
    },
    {
      onDone: (kept) => {
        keep(kept);
        toast({ text: t("knowledge.published"), tone: "ok", undo: () => unpublish.mutate(kept.id) });
      },
    },
  );
  const remove = useChange((id: string) => calls.remove(id), {
    done: t("knowledge.removed"),
    onDone: (_, id) => {
      discard();
      queryClient.removeQueries({ queryKey: [section, id] });
      void queryClient.invalidateQueries({ queryKey: [section, "list"] });
      void queryClient.invalidateQueries({ queryKey: knowledgeKeys.categories });
      goTo();
    },
  });
  return { save, overwrite, reload, replace, publish, unpublish, remove, goTo, conflict: isConflict(save.error) };
}

type Life = ReturnType<typeof useLife>;

export interface EntryHeaderProps {
  section: "questions" | "articles";
  saved?: Kept;
  title: string;
  life: Pick<Life, "publish" | "unpublish" | "remove" | "goTo">;
  /** Whether what stands in the form could be published. */
  ready: boolean;
  actions?: ReactNode;
}

/** The head of an editor: state, publish or take back, delete. */
export function EntryHeader({ section, saved, title, life, ready, actions }: EntryHeaderProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const published = saved?.status === "published";
  return (
    <header className="mx-auto flex max-w-4xl flex-wrap items-start gap-x-3 gap-y-2 pb-4">
      <IconButton className="-ml-1 lg:hidden" label={t("common.back")} icon={<ArrowLeft size={17} />} onClick={() => life.goTo()} />
      <div className="min-w-0 flex-1 basis-52">
        <h2 className="line-clamp-2 text-lg font-semibold">{title}</h2>
        <p className="num flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-mut">
          <Pill tone={published ? "ok" : "plain"}>{t(`knowledge.status.${saved?.status ?? "draft"}`)}</Pill>
          {saved && t("knowledge.edited", { time: whenText(saved.updated_at), name: saved.updated_by || "—" })}
          {saved && saved.helpful + saved.unhelpful > 0 && <span>· {t("knowledge.helped", { yes: saved.helpful, no: saved.unhelpful })}</span>}
        </p>
      </div>
      <div className="flex shrink-0 flex-wrap items-center gap-2">
        {actions}
        {can(me, "knowledge.publish") &&
          (published ? (
            <Button loading={life.unpublish.isPending} onClick={() => saved && life.unpublish.mutate(saved.id)}>
              {t("knowledge.unpublish")}
            </Button>
          ) : (
            <Button variant="primary" loading={life.publish.isPending} disabled={!ready} onClick={() => life.publish.mutate()}>
              {t("knowledge.publish")}
            </Button>
          ))}
        {saved && can(me, "knowledge.edit") && (
          <Menu
            label={t("common.more")}
            trigger={<IconButton variant="default" className="size-8" tooltip="none" label={t("common.more")} icon={<MoreHorizontal size={16} />} />}
            groups={[[{ label: t("common.delete"), icon: <Trash2 size={14} />, danger: true, onSelect: () => setAsking(true) }]]}
          />
        )}
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t("knowledge.remove_title")}
        description={t(published ? `knowledge.${section}.remove_published` : `knowledge.${section}.remove_draft`, { title })}
        confirmLabel={t("common.delete")}
        onConfirm={() => saved && life.remove.mutateAsync(saved.id)}
      />
    </header>
  );
}

/** Says that somebody else has saved meanwhile, and lets the reader choose whose text stays. */
export function ConflictBanner({ life }: { life: Pick<Life, "overwrite" | "reload"> }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="mx-auto mb-4 flex max-w-4xl flex-wrap items-center gap-3 rounded-xl border border-note-line bg-note px-4 py-3">
      <TriangleAlert size={17} className="shrink-0 text-warn" aria-hidden="true" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium">{t("knowledge.conflict.title")}</p>
        <p className="text-xs text-mut">{t("knowledge.conflict.text")}</p>
      </div>
      <Button icon={<RefreshCw size={14} />} loading={life.reload.isPending} onClick={() => life.reload.mutate()}>
        {t("knowledge.conflict.theirs")}
      </Button>
      <Button variant="primary" loading={life.overwrite.isPending} onClick={() => life.overwrite.mutate()}>
        {t("knowledge.conflict.mine")}
      </Button>
    </div>
  );
}

export interface PlaceFieldsProps {
  category: string;
  language: Lang;
  audience: Audience;
  onChange: (change: { category?: string; language?: Lang; audience?: Audience }) => void;
  errors: Record<string, string>;
  readOnly?: boolean;
}

/** Where an entry belongs and who may read it. */
export function PlaceFields({ category, language, audience, onChange, errors, readOnly }: PlaceFieldsProps) {
  const { t } = useTranslation();
  const known = useQuery({ queryKey: knowledgeKeys.categories, queryFn: api.knowledge.categories });
  const listId = useId();
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Field label={t("knowledge.category")} hint={t("knowledge.category_hint")} error={errors["category"]}>
        <Input value={category} list={listId} maxLength={60} readOnly={readOnly} onChange={(e) => onChange({ category: e.target.value })} />
      </Field>
      <datalist id={listId}>
        {(known.data?.items ?? []).map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Field group label={t("common.language.title")} error={errors["language"]}>
        <Segmented<Lang> className="self-start" disabled={readOnly} value={language} onChange={(next) => onChange({ language: next })} choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} />
      </Field>
      <Field group label={t("knowledge.audience.title")} hint={t(`knowledge.audience.${audience}_hint`)} error={errors["audience"]}>
        <RadioGroup<Audience> inline disabled={readOnly} className="h-8 items-center" value={audience} onChange={(next) => onChange({ audience: next })} choices={(["public", "internal"] as const).map((value) => ({ value, label: t(`knowledge.audience.${value}`) }))} />
      </Field>
    </div>
  );
}
