import { useTranslation } from "@yingda/i18n";
import { Field, Input } from "@yingda/ui";
import { useState } from "react";
import { asID } from "./edit";

export interface IDFieldProps {
  value: string;
  /** Those of the others. */
  taken: readonly string[];
  onRename: (to: string) => void;
  hint?: string;
  disabled?: boolean;
}

/** What a step, a slot or a node is called. It is renamed on leaving the field, so that nothing is called by half a name. */
export function IDField({ value, taken, onRename, hint, disabled }: IDFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? value;
  const wrong = shown !== value && (!shown || taken.includes(shown)) ? t("flow.id_taken") : undefined;
  function leave() {
    if (typed && typed !== value && !wrong) onRename(typed);
    setTyped(undefined);
  }
  return (
    <Field label={t("flow.id")} hint={hint} error={wrong}>
      <Input className="num" value={shown} disabled={disabled} spellCheck={false} onChange={(event) => setTyped(asID(event.target.value))} onBlur={leave} onKeyDown={(event) => event.key === "Enter" && leave()} />
    </Field>
  );
}
