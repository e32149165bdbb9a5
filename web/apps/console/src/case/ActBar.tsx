import type { CaseDetail, PossibleAct } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Menu, type MenuItem } from "@yingda/ui";
import { ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { MacroMenu } from "../automation/MacroMenu";
import { can, keys, queryClient, useMe } from "../query";
import { placesOf } from "./doing";
import { useLang } from "./lang";

const ActDrawer = lazy(() => import("./ActDrawer"));
const ClassifyDrawer = lazy(() => import("./ClassifyDrawer"));

const needs: Record<string, string> = { assign: "case.assign", escalate: "case.escalate", deescalate: "case.escalate" };

/** What can be done to the case now: the way onward as buttons, the rest in a menu. */
export function ActBar({ detail, edits }: { detail: CaseDetail; edits: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const me = useMe();
  const [asked, setAsked] = useState<PossibleAct>();
  const [classifying, setClassifying] = useState(false);
  const { front, menu, grave } = placesOf(detail.possible, (act) => edits && (!needs[act] || can(me, needs[act])));
  const item = (act: PossibleAct, danger = false): MenuItem => ({ label: act.name[lang], onSelect: () => setAsked(act), danger });
  const sorting: MenuItem[] = edits && !detail.case.over ? [{ label: t("cases.classify.action"), onSelect: () => setClassifying(true) }] : [];
  const groups = [menu.map((act) => item(act)), sorting, grave.map((act) => item(act, true))];
  const more = groups.some((group) => group.length > 0);
  const hint = !edits ? t("cases.forbidden_edit") : detail.case.over ? t("cases.over_hint") : front.length === 0 && !more ? t("cases.nothing_possible") : undefined;
  return (
    <div role="group" aria-label={t("cases.acts")} className="mb-4 flex flex-wrap items-center gap-2">
      {front.map((act, i) => (
        <Button key={act.act} variant={i === 0 && !detail.case.over ? "primary" : "default"} onClick={() => setAsked(act)}>
          {act.name[lang]}
        </Button>
      ))}
      {more && (
        <Menu
          label={t("cases.more_acts")}
          align="start"
          groups={groups}
          trigger={
            <Button>
              {t("cases.more_acts")}
              <ChevronDown size={14} aria-hidden="true" />
            </Button>
          }
        />
      )}
      {edits && <MacroMenu target={{ case_id: detail.case.id }} onApplied={() => void queryClient.invalidateQueries({ queryKey: keys.case(detail.case.id) })} />}
      {hint && <span className="text-xs text-mut">{hint}</span>}
      <Suspense>
        {asked && (
          <ActDrawer
            key={asked.act}
            detail={detail}
            act={detail.possible.find((each) => each.act === asked.act) ?? asked}
            onClose={() => setAsked(undefined)}
            onOther={(code) => setAsked(detail.possible.find((each) => each.act === code))}
          />
        )}
        {classifying && <ClassifyDrawer detail={detail} onClose={() => setClassifying(false)} />}
      </Suspense>
    </div>
  );
}
