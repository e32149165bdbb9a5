import { api, learning, type Attachment, type CaseDraft, type CaseField, type CaseKind } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, EmptyState, Field, Input, RadioGroup, Section, Segmented, Select, Textarea, useToast } from "@yingda/ui";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, ClipboardCheck, Paperclip } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { firstOf, LearntChoices } from "../aid/Learnt";
import { acceptedTypes, Uploads, useUploads } from "../conversation/uploads";
import { fieldErrors, focusMistake } from "../form/failure";
import { newClientId } from "../live/outbox";
import { problem } from "../problem";
import { can, keys, queryClient, useCaseHandling, useCaseWords, useMe } from "../query";
import { handInRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { load, save } from "../storage";
import { AgentField } from "./Assignee";
import { CategoryField } from "./ActFields";
import { moment } from "./doing";
import { useLang } from "./lang";
import { leavesOf } from "./tree";

export default function HandInPage() {
  const search = handInRoute.useSearch();
  return (
    <Allowed to={["case.edit"]}>
      <HandIn key={`${search.contact ?? ""} ${search.conversation ?? ""}`} contact={search.contact} conversation={search.conversation} source={search.source} />
    </Allowed>
  );
}

interface Typed {
  client_id: string;
  source: CaseDraft["source"];
  received: string;
  kind?: CaseKind;
  category?: string;
  name: string;
  phone: string;
  email: string;
  order: string;
  subject: string;
  text: string;
  tried: string;
  fields: Record<string, string>;
  about_staff: boolean;
  accused?: string;
  files: Attachment[];
}

const empty = (): Typed => ({ client_id: newClientId(), source: "phone", received: "", name: "", phone: "", email: "", order: "", subject: "", text: "", tried: "", fields: {}, about_staff: false, files: [] });

/** What is half written; it outlives a reload. */
function useTyped(agent: string, place: string, first: Partial<Typed>) {
  const name = `handin.${agent}.${place}`;
  const [typed, setTyped] = useState<Typed>(() => ({ ...empty(), ...first, ...load<Partial<Typed>>(name) }));
  const [restored] = useState(() => load(name) !== undefined);
  return {
    typed,
    restored,
    set: (change: Partial<Typed>) =>
      setTyped((now) => {
        const next = { ...now, ...change };
        save(name, next);
        return next;
      }),
    clear() {
      save(name, undefined);
      setTyped({ ...empty(), ...first });
    },
  };
}

/** What closed cases suggest by what was written so far; until something was, by what was said in the conversation. */
function useLearnt(subject: string, text: string, conversation?: string) {
  const [settled, setSettled] = useState("");
  const written = `${subject.trim()}\n${text.trim()}`.trim();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(written), 600);
    return () => clearTimeout(timer);
  }, [written]);
  const query = useQuery({
    queryKey: ["learnt", "text", settled, conversation ?? ""],
    queryFn: () => (settled ? learning.ofText(settled.slice(0, 8000)) : learning.ofConversation(conversation!)),
    enabled: settled.length > 3 || (!settled && conversation !== undefined),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  return (topic: string) => query.data?.items.find((each) => each.topic === topic);
}

const sources = ["phone", "letter", "email", "visit", "chat"] as const;

function HandIn({ contact, conversation, source }: { contact?: string; conversation?: string; source?: "phone" }) {
  const { t } = useTranslation();
  const lang = useLang();
  const me = useMe();
  const toast = useToast();
  const navigate = useNavigate();
  const words = useCaseWords();
  const handling = useCaseHandling();
  const known = useQuery({ queryKey: keys.contact(contact ?? ""), queryFn: () => api.contacts.get(contact!), enabled: contact !== undefined && can(me, "contact.read") });
  const { typed, restored, set, clear } = useTyped(me.id, conversation ?? contact ?? "", conversation ? { source: source ?? "chat" } : {});
  const [told, setTold] = useState(restored);
  const input = useRef<HTMLInputElement>(null);
  const uploads = useUploads("case", (file) => set({ files: [...typed.files, file] }));
  const learnt = useLearnt(typed.subject, typed.text, conversation);
  const [ofKind, ofCategory] = [learnt("case.kind"), learnt("case.category")];
  const allLeaves = (words.data?.kinds ?? []).flatMap(({ kind }) => leavesOf(handling.data?.categories ?? [], kind, lang).map((each) => ({ ...each, kind })));
  const leaf = leavesOf(handling.data?.categories ?? [], typed.kind, lang).find((each) => each.id === typed.category);
  const needs = new Set(leaf?.needs ?? []);

  const hand = useMutation({
    mutationFn: () =>
      api.cases.add({
        client_id: typed.client_id,
        kind: typed.kind!,
        source: typed.source,
        category: typed.category,
        subject: typed.subject.trim() || undefined,
        text: typed.text.trim(),
        name: typed.name.trim() || known.data?.name,
        phone: typed.phone.trim() || undefined,
        email: typed.email.trim() || undefined,
        order: typed.order.trim() || undefined,
        tried: typed.tried.trim() || undefined,
        fields: formOf(leaf?.form, typed.fields),
        about_staff: typed.about_staff || undefined,
        accused_id: typed.about_staff ? typed.accused : undefined,
        received_at: moment(typed.received),
        contact_id: contact,
        conversation_id: conversation,
        files: typed.files.map((file) => file.id),
        suggested: firstOf(ofKind) || firstOf(ofCategory) ? { kind: firstOf(ofKind), category: firstOf(ofCategory) } : undefined,
      }),
    onError: focusMistake,
    onSuccess(c) {
      clear();
      for (const queryKey of [keys.caseLists, keys.caseCounts, keys.board]) void queryClient.invalidateQueries({ queryKey });
      toast({ text: t("cases.handin.done", { number: c.number }), tone: "ok" });
      void navigate({ to: "/cases/$id", params: { id: c.id } });
    },
  });
  const errors: Record<string, string | undefined> = { ...fieldErrors(hand.error) };
  const [checked, setChecked] = useState(false);
  if (checked && !typed.kind) errors.kind = t("cases.act.required");
  if (checked && !typed.text.trim()) errors.text = t("cases.act.required");
  const elsewhere = hand.error && Object.keys(errors).length === 0;

  function submit() {
    setChecked(true);
    if (!typed.kind || !typed.text.trim()) focusMistake();
    else if (!hand.isPending && !uploads.running) hand.mutate();
  }
  const line = (key: "name" | "phone" | "email" | "order" | "subject", label: string, more: { hint?: string; type?: string; needed?: boolean } = {}) => (
    <Field label={label} hint={more.hint} required={more.needed} error={errors[key]}>
      <Input type={more.type} value={typed[key]} onChange={(event) => set({ [key]: event.target.value })} />
    </Field>
  );
  return (
    <Page
      title={t("cases.handin.title")}
      description={t("cases.handin.source_hint")}
      before={
        <Link to="/cases" aria-label={t("cases.back")} className="-my-1 -mr-2 grid size-8 place-items-center rounded-md text-mut hover:bg-line2 hover:text-fg">
          <ArrowLeft size={17} aria-hidden="true" />
        </Link>
      }
    >
      <form
        noValidate
        className="grid items-start gap-x-4 lg:grid-cols-[minmax(0,1fr)_300px]"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="min-w-0">
          {told && (
            <p role="status" className="mb-4 flex items-center gap-2 rounded-lg border bg-panel px-3 py-2 text-xs text-mut">
              <span className="min-w-0 flex-1">{t("cases.handin.draft")}</span>
              <Button
                size="sm"
                variant="ghost"
                onClick={() => {
                  clear();
                  setTold(false);
                }}
              >
                {t("cases.act.draft_discard")}
              </Button>
            </p>
          )}
          <Section title={t("cases.handin.source")}>
            <div className="flex flex-col gap-4">
              <Segmented label={t("cases.handin.source")} value={typed.source} onChange={(source) => set({ source })} choices={sources.map((value) => ({ value, label: t(`cases.source.${value}`) }))} className="max-w-md" />
              <Field label={t("cases.handin.received")} hint={t("cases.handin.received_hint")} error={errors.received_at} className="max-w-60">
                <Input type="datetime-local" value={typed.received} onChange={(event) => set({ received: event.target.value })} />
              </Field>
            </div>
          </Section>
          <Section title={t("cases.handin.what")}>
            <div className="flex flex-col gap-4">
              <Field label={t("cases.kind")} required error={errors.kind} group>
                <RadioGroup value={typed.kind} onChange={(kind) => set({ kind, category: undefined })} choices={(words.data?.kinds ?? []).map((each) => ({ value: each.kind, label: each.name[lang] }))} inline />
              </Field>
              {!typed.kind && (
                <LearntChoices label={t("aids.learning.kind")} learnt={ofKind} named={(id) => words.data?.kinds.find((each) => each.kind === id)?.name[lang]} onTake={(kind) => set({ kind: kind as CaseKind, category: undefined })} />
              )}
              <CategoryField kind={typed.kind} value={typed.category} onChange={(category) => set({ category })} error={errors.category} hint={t("cases.handin.category_hint")} />
              {!typed.category && (
                <LearntChoices
                  label={t("aids.learning.category")}
                  learnt={ofCategory}
                  named={(id) => allLeaves.find((each) => each.id === id && (!typed.kind || each.kind === typed.kind))?.path}
                  onTake={(category) => set({ category, kind: allLeaves.find((each) => each.id === category)?.kind ?? typed.kind })}
                />
              )}
              {leaf?.form?.map((field) => (
                <FormField key={field.id} field={field} value={typed.fields[field.id] ?? ""} onChange={(value) => set({ fields: { ...typed.fields, [field.id]: value } })} error={errors[`fields.${field.id}`]} />
              ))}
              {line("subject", t("cases.handin.subject"), { hint: t("cases.handin.subject_hint") })}
              <Field label={t("cases.handin.text")} required error={errors.text}>
                <Textarea minRows={5} maxLength={8000} value={typed.text} onChange={(event) => set({ text: event.target.value })} />
              </Field>
              <Field label={t("cases.handin.tried")} error={errors.tried}>
                <Textarea minRows={2} maxLength={2000} value={typed.tried} onChange={(event) => set({ tried: event.target.value })} />
              </Field>
              {typed.kind === "complaint" && can(me, "complaint.staff.read") && (
                <>
                  <Checkbox label={t("cases.handin.about_staff")} checked={typed.about_staff} onChange={(about_staff) => set({ about_staff })} />
                  {typed.about_staff && <AgentField label={t("cases.handin.accused")} hint={t("cases.handin.accused_hint")} value={typed.accused} onChange={(accused) => set({ accused })} error={errors.accused_id} />}
                </>
              )}
            </div>
          </Section>
          <Section title={t("cases.handin.who")} description={contact ? t("cases.handin.contact_hint") : t("cases.handin.reach_hint")}>
            {contact && known.data && (
              <p className="mb-3 text-sm">
                {t("cases.handin.contact")}：
                <Link to="/contacts/$id" params={{ id: contact }} className="font-medium text-brand-ink hover:underline">
                  {known.data.name}
                </Link>
                <span className="num ml-2 text-mut">{[known.data.phone, known.data.email].filter(Boolean).join(" · ")}</span>
              </p>
            )}
            <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
              {line("name", t("cases.handin.name"), { needed: needs.has("name") && !contact })}
              {line("order", t("cases.order"), { needed: needs.has("order") })}
              {line("phone", t("cases.handin.phone"), { type: "tel", needed: needs.has("phone") && !contact })}
              {line("email", t("cases.handin.email"), { type: "email", needed: needs.has("email") && !contact })}
            </div>
          </Section>
          <Section title={t("cases.handin.files")} description={t("cases.handin.files_hint")}>
            <input
              ref={input}
              type="file"
              multiple
              hidden
              accept={acceptedTypes}
              onChange={(event) => {
                uploads.add([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
            <div className="-mx-3 mb-1">
              <Uploads uploads={uploads} attachments={typed.files} onRemove={(file) => set({ files: typed.files.filter((each) => each.id !== file.id) })} />
            </div>
            <Button icon={<Paperclip size={14} aria-hidden="true" />} onClick={() => input.current?.click()}>
              {t("cases.handin.files_add")}
            </Button>
            {(errors.evidence ?? errors.files) && (
              <p role="alert" className="mt-2 text-xs text-bad">
                {errors.evidence ?? errors.files}
              </p>
            )}
          </Section>
          <div className="mb-6 flex flex-wrap items-center justify-end gap-3">
            {Boolean(elsewhere) && (
              <span role="alert" className="text-sm text-bad">
                {problem(hand.error).text}
              </span>
            )}
            <Button type="submit" variant="primary" loading={hand.isPending}>
              {t("cases.handin.submit")}
            </Button>
          </div>
        </div>
        <Preparation key={leaf?.id} items={(leaf?.prepare ?? []).map((each) => each[lang])} />
      </form>
    </Page>
  );
}

/** What to go through with the customer, to tick off; it is for the one on the phone and is not sent. */
function Preparation({ items }: { items: string[] }) {
  const { t } = useTranslation();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  return (
    <Section title={t("cases.handin.prepare")} description={items.length > 0 ? t("cases.handin.prepare_hint") : undefined} className={items.length > 0 ? "max-lg:order-first" : "max-lg:hidden"}>
      {items.length === 0 ? (
        <EmptyState icon={<ClipboardCheck size={18} />} title={<span className="text-xs font-normal text-mut">{t("cases.handin.category_hint")}</span>} className="py-2" />
      ) : (
        <div className="flex flex-col gap-2.5">
          {items.map((item) => (
            <Checkbox key={item} label={item} checked={ticked.has(item)} onChange={(on) => setTicked(new Set(on ? [...ticked, item] : [...ticked].filter((each) => each !== item)))} />
          ))}
        </div>
      )}
    </Section>
  );
}

/** Only the fields of the form that is shown: another category's are not sent. */
function formOf(form: CaseField[] | undefined, values: Record<string, string>): Record<string, string> | undefined {
  const said = (form ?? []).map((field) => [field.id, (values[field.id] ?? "").trim()] as const).filter(([, value]) => value);
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}

function FormField({ field, value, onChange, error }: { field: CaseField; value: string; onChange: (value: string) => void; error?: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const shared = { label: field.name[lang], required: field.required, error };
  switch (field.type) {
    case "choice":
      return (
        <Field {...shared}>
          <Select value={value || undefined} onChange={onChange} placeholder="—" options={(field.choices ?? []).map((each) => ({ value: each.id, label: each.name[lang] }))} />
        </Field>
      );
    case "bool":
      return (
        <Field {...shared} group>
          <RadioGroup value={value || undefined} onChange={onChange} choices={[{ value: "true", label: t("common.yes") }, { value: "false", label: t("common.no") }]} inline />
        </Field>
      );
    default:
      return (
        <Field {...shared}>
          <Input type={field.type === "date" ? "date" : "text"} inputMode={field.type === "number" ? "decimal" : undefined} value={value} onChange={(event) => onChange(event.target.value)} />
        </Field>
      );
  }
}
