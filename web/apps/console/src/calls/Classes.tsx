import { useTranslation } from "@yingda/i18n";
import { Checkbox } from "@yingda/ui";

export const classes = ["inside", "emergency", "service", "local", "national", "mobile", "international", "premium"] as const;
export const usual: string[] = ["inside", "emergency", "service", "local", "national", "mobile"];

/** Which numbers somebody may call; an emergency can always be called. */
export function Classes({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap gap-x-5 gap-y-2">
      {classes.map((name) => (
        <Checkbox key={name} disabled={name === "emergency"} checked={name === "emergency" || value.includes(name)} onChange={(on) => onChange(on ? [...value, name] : value.filter((each) => each !== name))} label={t(`calls.classes.${name}`)} />
      ))}
    </div>
  );
}
