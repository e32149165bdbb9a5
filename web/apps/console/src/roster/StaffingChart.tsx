import type { StaffingSlot } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { one } from "./StaffingTab";

const width = 960;
const height = 220;
const left = 32;
const bottom = 24;
const top = 8;

/** Needed as bars, the roster as a line above them; what is missing is red. The table below says the same in numbers. */
export function StaffingChart({ slots }: { slots: StaffingSlot[] }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...slots.map((slot) => Math.max(slot.needed, slot.rostered)));
  const step = (width - left) / slots.length;
  const y = (n: number) => top + (height - top - bottom) * (1 - n / most);
  const ticks = ticksOf(most);
  const line = slots.map((slot, i) => `${i === 0 ? "M" : "L"}${left + i * step},${y(slot.rostered)}H${left + (i + 1) * step}`).join("");
  const short = slots.filter((slot) => slot.open && slot.over < -0.05);
  return (
    <figure className="mb-1">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("staffing.chart", { n: short.length, first: short[0]?.at ?? "—" })} className="h-auto w-full">
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end" fontSize={11} fill="var(--faint)">
              {tick}
            </text>
          </g>
        ))}
        {slots.map((slot, i) => {
          const x = left + i * step;
          const met = Math.min(slot.needed, slot.rostered);
          return (
            <g key={slot.at}>
              <title>{t("staffing.chart_slot", { at: slot.at, needed: slot.needed, rostered: one(slot.rostered) })}</title>
              <rect x={x} y={top} width={step} height={height - top - bottom} fill="transparent" />
              {met > 0 && <rect x={x + 1} y={y(met)} width={step - 2} height={y(0) - y(met)} fill="var(--brand)" opacity={0.35} />}
              {slot.open && slot.needed > slot.rostered && <rect x={x + 1} y={y(slot.needed)} width={step - 2} height={y(slot.rostered) - y(slot.needed)} fill="var(--bad-dot)" opacity={0.75} />}
              {i % 4 === 0 && (
                <text x={x} y={height - 8} fontSize={11} fill="var(--faint)">
                  {slot.at}
                </text>
              )}
            </g>
          );
        })}
        <path d={line} fill="none" stroke="var(--fg)" strokeWidth={2} />
      </svg>
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-mut">
        <Key color="var(--brand)" opacity={0.35} label={t("staffing.key.met")} />
        <Key color="var(--bad-dot)" opacity={0.75} label={t("staffing.key.missing")} />
        <Key color="var(--fg)" line label={t("staffing.key.rostered")} />
      </figcaption>
    </figure>
  );
}

function Key({ color, opacity, line, label }: { color: string; opacity?: number; line?: boolean; label: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className="inline-block w-3.5 rounded-[2px]" style={{ background: color, opacity, height: line ? 2 : 10 }} />
      {label}
    </span>
  );
}

/** A few whole numbers up to the largest. */
export function ticksOf(most: number): number[] {
  const step = Math.max(1, Math.ceil(most / 5));
  const ticks = [];
  for (let n = 0; n <= most; n += step) ticks.push(n);
  return ticks;
}
