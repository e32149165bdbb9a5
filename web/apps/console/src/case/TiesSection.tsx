import { api, type CaseDetail, type CaseKind, type CaseRelation, type Tie } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, Input, Section, Select, Textarea, useToast } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { newClientId } from "../live/outbox";
import { keys, useCaseWords } from "../query";
import { CaseFinder } from "./CaseFinder";
import { useLang } from "./lang";

/** Cases that belong together; a part can become a case of its own. */
export function TiesSection({ detail: { case: c, ties }, edits }: { detail: CaseDetail; edits: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const [asked, setAsked] = useState<"link" | "split">();
  const stateName = (tie: Tie) => words.data?.kinds.flatMap((kind) => kind.states).find((each) => each.state === tie.state)?.name[lang] ?? tie.state;
  const relation = (tie: Tie) => (tie.relation === "child_of" && !tie.from ? "parent_of" : (tie.relation as CaseRelation));
  return (
    <Section
      title={t("cases.tie.title")}
      actions={
        edits && (
          <>
            <Button size="sm" onClick={() => setAsked("link")}>
              {t("cases.tie.add")}
            </Button>
            {!c.over && (
              <Button size="sm" onClick={() => setAsked("split")}>
                {t("cases.tie.split")}
              </Button>
            )}
          </>
        )
      }
    >
      {ties.length === 0 ? (
        <p className="text-xs text-faint">{t("cases.tie.empty")}</p>
      ) : (
        <ul className="-mx-2 flex flex-col">
          {ties.map((tie) => (
            <li key={`${tie.case_id} ${tie.relation}`}>
              <Link to="/cases/$id" params={{ id: tie.case_id }} className="flex flex-col rounded-md px-2 py-1.5 hover:bg-raise">
                <span className="flex gap-2 text-2xs text-faint">
                  <span>{t(`cases.tie.relation.${relation(tie)}`)}</span>
                  <span className="num">{tie.number}</span>
                  <span className="ml-auto">{stateName(tie)}</span>
                </span>
                <span className="truncate text-sm">{tie.subject}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {asked === "link" && <LinkDialog id={c.id} onClose={() => setAsked(undefined)} />}
      {asked === "split" && <SplitDialog id={c.id} kind={c.kind} onClose={() => setAsked(undefined)} />}
    </Section>
  );
}

function LinkDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState("");
  const [other, setOther] = useState<string>();
  const [relation, setRelation] = useState<CaseRelation>("related");
  const [checked, setChecked] = useState(false);
  const save = useChange(() => api.cases.tie(id, other!, relation), { done: t("cases.tie.added"), stale: [keys.case(id)], onDone: onClose, quiet: true });
  function submit() {
    setChecked(true);
    if (other) save.mutate();
  }
  return (
    <FormDrawer look="dialog" title={t("cases.tie.add")} dirty={number !== ""} saving={save.isPending} error={save.error} submitLabel={t("cases.tie.add")} onSubmit={submit} onClose={onClose}>
      <CaseFinder
        label={t("cases.tie.number")}
        number={number}
        required
        error={fieldErrors(save.error).case_id ?? (checked && !other ? t("cases.act.required") : undefined)}
        onFind={(typed, found) => {
          setNumber(typed);
          setOther(found);
        }}
      />
      <Field label={t("cases.tie.relation.title")} required error={fieldErrors(save.error).relation}>
        <Select value={relation} onChange={setRelation} options={(["related", "duplicate", "child_of"] as const).map((value) => ({ value, label: t(`cases.tie.relation.${value}`) }))} />
      </Field>
    </FormDrawer>
  );
}

function SplitDialog({ id, kind: was, onClose }: { id: string; kind: CaseKind; onClose: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const toast = useToast();
  const [clientId] = useState(newClientId);
  const [kind, setKind] = useState<CaseKind>(was);
  const [subject, setSubject] = useState("");
  const [text, setText] = useState("");
  const save = useChange(() => api.cases.split(id, { client_id: clientId, kind, subject: subject.trim() || undefined, text: text.trim() }), {
    stale: [keys.case(id), keys.caseLists, keys.caseCounts],
    onDone(part) {
      toast({ text: t("cases.tie.split_done", { number: part.number }), tone: "ok" });
      onClose();
    },
    quiet: true,
  });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer look="dialog" title={t("cases.tie.split_title")} dirty={text !== "" || subject !== ""} saving={save.isPending} error={save.error} submitLabel={t("cases.tie.split")} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("cases.kind")} required error={errors.kind}>
        <Select value={kind} onChange={setKind} options={(words.data?.kinds ?? []).map((each) => ({ value: each.kind, label: each.name[lang] }))} />
      </Field>
      <Field label={t("cases.subject")} error={errors.subject}>
        <Input value={subject} maxLength={120} onChange={(event) => setSubject(event.target.value)} />
      </Field>
      <Field label={t("cases.text")} required error={errors.text}>
        <Textarea minRows={4} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}
