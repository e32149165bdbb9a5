import type { OpWants, RuleField, RuleValue } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Combobox, Input, MultiCombobox, Select, type Option } from "@yingda/ui";
import { useState } from "react";
import { spanOf, wordsOf } from "./tree";
import { useVocabulary, useWord } from "./words";

interface Props {
  field: RuleField;
  wants: OpWants;
  value: RuleValue | undefined;
  onChange: (value: RuleValue | undefined) => void;
}

/** What a condition compares with, typed or picked as the field and the operator want it. */
export function ValueInput({ field, wants, value, onChange }: Props) {
  const { t } = useTranslation();
  const say = useWord();
  const { byField } = useVocabulary();
  const options: Option[] | undefined = field.choices?.map((choice) => ({ value: choice.value, label: say(choice) })) ?? byField[field.name];
  const label = t("automation.value");
  const list = Array.isArray(value) ? value : [];
  switch (wants) {
    case "none":
      return null;
    case "span":
      return <SpanInput value={typeof value === "string" ? value : ""} onChange={onChange} />;
    case "moment":
      return <Input aria-label={label} placeholder={t("automation.moment_hint")} value={text(value)} onChange={(e) => onChange(e.target.value)} />;
    case "word":
      return <Input aria-label={label} value={text(value)} onChange={(e) => onChange(e.target.value)} />;
    case "words":
      return <WordsInput value={list.map(String)} onChange={onChange} />;
    case "many":
      if (options) return <MultiCombobox label={label} options={options} value={list.map(String)} onChange={onChange} />;
      if (field.type === "number") return <WordsInput value={list.map(String)} onChange={(words) => onChange(words.map(Number))} />;
      return <WordsInput value={list.map(String)} onChange={onChange} />;
    case "pair": {
      const change = (at: 0 | 1, typed: string) => onChange([0, 1].map((i) => (i === at ? readOne(field, typed) : (list[i] ?? (field.type === "number" ? 0 : "")))));
      return (
        <span className="grid grid-cols-2 gap-2">
          <Input aria-label={t("automation.from")} placeholder={t("automation.from")} type={field.type === "number" ? "number" : "text"} value={text(list[0])} onChange={(e) => change(0, e.target.value)} />
          <Input aria-label={t("automation.to")} placeholder={t("automation.to")} type={field.type === "number" ? "number" : "text"} value={text(list[1])} onChange={(e) => change(1, e.target.value)} />
        </span>
      );
    }
  }
  if (field.type === "bool") {
    return <Select label={label} value={value === true ? "yes" : value === false ? "no" : undefined} options={[{ value: "yes", label: t("automation.yes") }, { value: "no", label: t("automation.no") }]} onChange={(v) => onChange(v === "yes")} />;
  }
  if (options && options.length > 12) return <Combobox label={label} options={options} value={text(value) || undefined} onChange={onChange} />;
  if (options) return <Select label={label} options={options} value={text(value) || undefined} onChange={onChange} />;
  return <Input aria-label={label} type={field.type === "number" ? "number" : "text"} value={text(value)} onChange={(e) => onChange(readOne(field, e.target.value))} />;
}

function text(value: RuleValue | undefined): string {
  return value === null || value === undefined || Array.isArray(value) ? "" : String(value);
}

function readOne(field: RuleField, typed: string): string | number {
  return field.type === "number" && typed !== "" ? Number(typed) : typed;
}

function WordsInput({ value, onChange }: { value: string[]; onChange: (words: string[]) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value.join("、"));
  return (
    <Input
      aria-label={t("automation.value")}
      placeholder={t("automation.list_hint")}
      value={typed}
      onChange={(e) => {
        setTyped(e.target.value);
        onChange(wordsOf(e.target.value));
      }}
    />
  );
}

/** A length of time: a number and its unit. */
export function SpanInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const { n, unit } = spanOf(value);
  return (
    <span className="grid grid-cols-[1fr_110px] gap-2">
      <Input aria-label={t("automation.amount")} type="number" min={1} value={n} onChange={(e) => onChange(e.target.value ? `${e.target.value}${unit}` : "")} />
      <Select
        label={t("automation.unit")}
        value={unit}
        options={[{ value: "m", label: t("automation.minutes") }, { value: "h", label: t("automation.hours") }, { value: "d", label: t("automation.days") }]}
        onChange={(next) => onChange(`${n || "1"}${next}`)}
      />
    </span>
  );
}
