import { api, type Case, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, Input, isComposing } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { problem } from "../problem";

export interface CaseFinderProps {
  label: string;
  number: string;
  error?: string;
  required?: boolean;
  /** The number that was typed, and the case that has it. */
  onFind: (number: string, id: ID | undefined) => void;
}

/** Chooses a case by its number. */
export function CaseFinder({ label, number, error, required, onFind }: CaseFinderProps) {
  const { t } = useTranslation();
  const [found, setFound] = useState<Case>();
  const find = useMutation({
    mutationFn: (typed: string) => api.cases.list({ number: typed.trim().toUpperCase(), view: "all" }),
    onSuccess(page, typed) {
      setFound(page.items[0]);
      onFind(typed, page.items[0]?.id);
    },
  });
  const look = () => number.trim() && find.mutate(number);
  const none = find.isSuccess && !found;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-end gap-2">
        <Field label={label} required={required} error={find.error ? problem(find.error).text : none ? t("cases.finder.none") : error} className="min-w-0 flex-1">
          <Input
            value={number}
            placeholder={t("cases.finder.placeholder")}
            onChange={(event) => {
              setFound(undefined);
              find.reset();
              onFind(event.target.value, undefined);
            }}
            onBlur={look}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || isComposing(event)) return;
              event.preventDefault();
              look();
            }}
          />
        </Field>
        <Button loading={find.isPending} onClick={look} className={none || error || find.error ? "mb-6" : undefined}>
          {t("cases.finder.button")}
        </Button>
      </div>
      <p role="status" className="text-xs text-ok">
        {found ? t("cases.finder.found", { subject: found.subject }) : ""}
      </p>
    </div>
  );
}
