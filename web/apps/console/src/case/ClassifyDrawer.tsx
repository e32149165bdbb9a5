import { api, type CaseDetail, type CaseKind } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Field, Input, Select, Textarea } from "@yingda/ui";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { keys, useCaseHandling, useCaseWords } from "../query";
import { CategoryField, LevelField } from "./ActFields";
import { moment } from "./doing";
import { useLang } from "./lang";
import { pathOf } from "./tree";

/** Sorts a case anew; how it was sorted at first stays for the reports. */
export default function ClassifyDrawer({ detail: { case: c }, onClose }: { detail: CaseDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const handling = useCaseHandling();
  const [kind, setKind] = useState<CaseKind>(c.kind);
  const [category, setCategory] = useState(c.course.category);
  const [level, setLevel] = useState(c.course.level);
  const [due, setDue] = useState("");
  const [why, setWhy] = useState("");
  const [reason, setReason] = useState("");
  const save = useChange(() => api.cases.classify(c.id, { kind, category: category ?? "", level: level ?? "", reason: reason.trim(), special: level === "special" && due ? { due_at: moment(due)!, reason: why.trim() } : undefined }), {
    done: t("cases.classify.done"),
    stale: [keys.case(c.id), keys.caseLists, keys.caseCounts, keys.board],
    onDone: onClose,
    quiet: true,
  });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer
      title={t("cases.classify.title")}
      description={c.course.first?.category ? t("cases.classify.first", { was: pathOf(handling.data?.categories ?? [], c.course.first.category, lang) }) : c.number}
      dirty={kind !== c.kind || category !== c.course.category || level !== c.course.level || reason !== ""}
      saving={save.isPending}
      error={save.error}
      submitLabel={t("cases.classify.submit")}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t("cases.kind")} required error={errors.kind}>
        <Select
          value={kind}
          onChange={(next) => {
            setKind(next);
            setCategory(undefined);
          }}
          options={(words.data?.kinds ?? []).map((each) => ({ value: each.kind, label: each.name[lang] }))}
        />
      </Field>
      <CategoryField kind={kind} value={category} onChange={setCategory} required error={errors.category} />
      <LevelField value={level} onChange={setLevel} required error={errors.level} />
      {level === "special" && (
        <>
          <Field label={t("cases.act.special_due")} required error={errors["special.due_at"]}>
            <Input type="datetime-local" value={due} onChange={(event) => setDue(event.target.value)} />
          </Field>
          <Field label={t("cases.act.special_reason")} required error={errors["special.reason"]}>
            <Input value={why} onChange={(event) => setWhy(event.target.value)} />
          </Field>
        </>
      )}
      <Field label={t("cases.act.reason")} required error={errors.reason}>
        <Textarea value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}
