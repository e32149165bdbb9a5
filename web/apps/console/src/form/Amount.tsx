import { Input, type InputProps } from "@yingda/ui";
import { useState } from "react";

export interface AmountProps extends Omit<InputProps, "value" | "onChange" | "type"> {
  value: number;
  onChange: (value: number) => void;
}

/** A number that may be below zero or broken. What is typed stays as typed until the reader leaves the field. */
export function Amount({ value, onChange, className, ...rest }: AmountProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <Input
      {...rest}
      type="number"
      className={className ?? "num"}
      value={typed ?? String(value)}
      onChange={(event) => {
        setTyped(event.target.value);
        const n = Number(event.target.value);
        if (event.target.value.trim() !== "" && Number.isFinite(n)) onChange(n);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
