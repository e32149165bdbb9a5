import { Field, Textarea } from "@yingda/ui";
import { useState } from "react";

export interface WordLinesProps {
  label: string;
  hint?: string;
  value: readonly string[] | undefined;
  onChange: (value: string[]) => void;
  disabled?: boolean;
}

/** Several short texts, one a line. What is typed stays as it is typed, empty lines too; what is kept has none. */
export function WordLines({ label, hint, value, onChange, disabled }: WordLinesProps) {
  const kept = (value ?? []).join("\n");
  const [typed, setTyped] = useState(kept);
  const words = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  return (
    <Field label={label} hint={hint}>
      <Textarea
        minRows={2}
        value={words(typed).join("\n") === kept ? typed : kept}
        disabled={disabled}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(words(event.target.value));
        }}
      />
    </Field>
  );
}
