import type { Ring } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, EmptyState, Field, IconButton, MultiCombobox, Select } from "@yingda/ui";
import { CircleDotDashed, Plus, Trash2 } from "lucide-react";
import { Amount } from "../form/Amount";
import { useTeams } from "../query";

interface RingsEditorProps {
  rings: Ring[];
  error?: string;
  readOnly: boolean;
  onChange: (rings: Ring[]) => void;
}

const mostRings = 6;
const lowers = ["0", "1", "2", "3", "4", "5"] as const;

/** What work gives up of its needs the longer it waits. */
export function RingsEditor({ rings, error, readOnly, onChange }: RingsEditorProps) {
  const { t } = useTranslation();
  const last = rings.at(-1);
  const add = !readOnly && rings.length < mostRings && (
    <Button size="sm" icon={<Plus size={13} />} onClick={() => onChange([...rings, { after_seconds: (last?.after_seconds ?? 0) + 30, lower: 0, any_skill: true, teams: [], any_team: false }])}>
      {t("routing.add_ring")}
    </Button>
  );
  return (
    <>
      {error && <p role="alert" className="mb-2 text-xs text-bad">{error}</p>}
      {rings.length === 0 ? (
        <EmptyState className="py-6" icon={<CircleDotDashed size={20} />} title={t("routing.no_rings")} action={add} />
      ) : (
        <div className="flex flex-col items-start gap-2">
          <ol className="flex w-full flex-col gap-2">
            {rings.map((ring, i) => (
              <li key={i}>
                <RingRow n={t("routing.ring_n", { n: i + 1 })} ring={ring} invalid={Boolean(error)} readOnly={readOnly} onChange={(next) => onChange(rings.map((held, at) => (at === i ? next : held)))} onRemove={() => onChange(rings.filter((_, at) => at !== i))} />
              </li>
            ))}
          </ol>
          {add}
        </div>
      )}
    </>
  );
}

function RingRow({ n, ring, invalid, readOnly, onChange, onRemove }: { n: string; ring: Ring; invalid: boolean; readOnly: boolean; onChange: (ring: Ring) => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const teams = useTeams().data?.items ?? [];
  const set = (change: Partial<Ring>) => onChange({ ...ring, ...change });
  return (
    <div role="group" aria-label={n} className="rounded-lg border px-3 py-2.5">
      <div className="mb-2 flex items-center justify-between gap-2">
        <h3 className="text-xs font-semibold">{n}</h3>
        {!readOnly && <IconButton size="sm" label={t("settings.remove_named", { name: n })} icon={<Trash2 size={14} />} onClick={onRemove} />}
      </div>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-[8rem_9rem_1fr]">
        <Field label={t("routing.ring_after")} aside={t("routing.seconds")}>
          <Amount min={1} step={1} disabled={readOnly} aria-invalid={invalid ? true : undefined} value={ring.after_seconds} onChange={(s) => set({ after_seconds: Math.trunc(s) })} />
        </Field>
        <Field label={t("routing.ring_lower")}>
          <Select disabled={readOnly || ring.any_skill} value={String(ring.lower)} onChange={(lower) => set({ lower: Number(lower) })} options={lowers.map((value) => ({ value: value as string, label: value === "0" ? t("routing.ring_lower_none") : t("routing.ring_lower_n", { n: value }) }))} />
        </Field>
        <Field label={t("routing.ring_teams")}>
          <MultiCombobox disabled={readOnly || ring.any_team} value={ring.teams} onChange={(chosen) => set({ teams: chosen })} placeholder={t("routing.ring_teams_choose")} options={teams.map(({ id, name }) => ({ value: id, label: name }))} />
        </Field>
      </div>
      <div className="mt-2.5 flex flex-wrap gap-x-6 gap-y-2">
        <Checkbox disabled={readOnly} checked={ring.any_skill} onChange={(any_skill) => set({ any_skill })} label={t("routing.ring_any_skill")} />
        <Checkbox disabled={readOnly} checked={ring.any_team} onChange={(any_team) => set({ any_team })} label={t("routing.ring_any_team")} />
      </div>
    </div>
  );
}
