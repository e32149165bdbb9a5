import { Link } from "@tanstack/react-router";
import type { SkillGap } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { TriangleAlert } from "lucide-react";
import { can, useMe } from "../query";
import { useGaps } from "./skills";

/** Warns those who can do something about it that nobody has what an inbox or a language needs. */
export function SkillGaps({ link = true }: { link?: boolean }) {
  const me = useMe();
  return can(me, "channel.manage", "agent.manage") && can(me, "agent.read") ? <Warning link={link} /> : null;
}

function Warning({ link }: { link: boolean }) {
  const { t } = useTranslation();
  const gaps = useGaps().data?.items ?? [];
  const says = (gap: SkillGap) => {
    const words = { inbox: gap.name, skill: gap.skill_name, level: Math.max(1, gap.level) };
    if (gap.for === "language") return t("settings.skills.gap_language", { ...words, language: t(`common.language.${gap.of as "zh" | "en"}`) });
    return t(gap.must ? "settings.skills.gap_inbox_must" : "settings.skills.gap_inbox", words);
  };
  if (gaps.length === 0) return null;
  return (
    <div role="status" className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl border border-note-line bg-note px-4 py-2.5 text-sm text-warn">
      <TriangleAlert size={16} className="shrink-0" aria-hidden="true" />
      <ul className="min-w-0 flex-1 basis-60">
        {gaps.map((gap) => (
          <li key={`${gap.of} ${gap.skill_id}`}>{says(gap)}</li>
        ))}
      </ul>
      {link && (
        <Link to="/settings/{-$section}" params={{ section: "skills" }} className="font-medium underline underline-offset-2">
          {t("settings.skills.go")}
        </Link>
      )}
    </div>
  );
}
