import { api, type CaseDetail, type Testimony } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, Input, Pill, Section, Select, Textarea } from "@yingda/ui";
import { Plus } from "lucide-react";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { whenText } from "../form/when";
import { keys } from "../query";
import { Reach } from "./Reach";

const roles = ["customer", "company", "dealer", "repairer", "other"] as const;

/** The sides of a dispute and what each said. */
export function PartiesSection({ detail: { case: c }, edits }: { detail: CaseDetail; edits: boolean }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const parties = c.course.parties ?? [];
  if (parties.length === 0 && c.kind !== "complaint") return null;
  return (
    <Section
      title={t("cases.party.title")}
      actions={
        edits &&
        !c.over && (
          <Button size="sm" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setAdding(true)}>
            {t("cases.party.add")}
          </Button>
        )
      }
    >
      {parties.length === 0 ? (
        <p className="text-xs text-faint">{t("cases.party.empty")}</p>
      ) : (
        <ul className="flex flex-col gap-3">
          {parties.map((party, place) => (
            <li key={`${party.role} ${party.name}`}>
              <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
                {party.name}
                <Pill>{t(`cases.party.role.${party.role as "other"}`)}</Pill>
                {party.reach && (
                  <span className="text-xs font-normal text-mut">
                    <Reach of={c} field={`party.${place}`} label={t("cases.party.reach")} value={party.reach} />
                  </span>
                )}
              </p>
              {(party.statements ?? []).map((statement) => (
                <blockquote key={statement.at} className="mt-1.5 border-l-2 border-line pl-3">
                  <p className="text-sm break-words whitespace-pre-wrap">{statement.text}</p>
                  <p className="text-2xs text-faint">
                    {statement.by} · {whenText(statement.at)}
                  </p>
                </blockquote>
              ))}
            </li>
          ))}
        </ul>
      )}
      {adding && <StatementDialog id={c.id} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function StatementDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Testimony["role"]>("customer");
  const [reach, setReach] = useState("");
  const [text, setText] = useState("");
  const save = useChange(() => api.cases.state(id, { name: name.trim(), role, reach: reach.trim() || undefined, text: text.trim() }), { done: t("cases.party.added"), stale: [keys.case(id)], onDone: onClose, quiet: true });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer look="dialog" title={t("cases.party.add")} dirty={name !== "" || text !== ""} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("cases.party.role.title")} required error={errors.role}>
        <Select value={role} onChange={setRole} options={roles.map((value) => ({ value, label: t(`cases.party.role.${value}`) }))} />
      </Field>
      <Field label={t("cases.party.name")} required error={errors.name}>
        <Input value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t("cases.party.reach")} error={errors.reach}>
        <Input value={reach} onChange={(event) => setReach(event.target.value)} />
      </Field>
      <Field label={t("cases.party.text")} required error={errors.text}>
        <Textarea minRows={4} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}
