import { useQuery } from "@tanstack/react-query";
import { api, learning, type CaseDetail } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Section, useToast } from "@yingda/ui";
import { useChange } from "../form/failure";
import { patchCase } from "../live/cases";
import { can, keys, queryClient, useMe, useTeams } from "../query";
import { firstOf, LearntChoices } from "./Learnt";

const urgencies = { low: 1, normal: 2, high: 3 } as const;
type Urgency = keyof typeof urgencies;

/** What closed cases suggest of an open one: how urgent it is, and which team has it. */
export function CaseLearnt({ detail }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const toast = useToast();
  const me = useMe();
  const c = detail.case;
  const teams = useTeams();
  const query = useQuery({ queryKey: ["learnt", "case", c.id], queryFn: () => learning.ofCase(c.id), enabled: !c.over && can(me, "case.edit"), staleTime: 60_000, retry: false });
  const of = (topic: string) => query.data?.items.find((each) => each.topic === topic);
  const [urgency, team] = [of("case.urgency"), of("case.team")];
  const done = (changed: Parameters<typeof patchCase>[1]) => {
    patchCase(queryClient, changed);
    for (const queryKey of [keys.case(c.id), keys.caseCounts]) void queryClient.invalidateQueries({ queryKey });
    toast({ text: t("aids.learning.taken"), tone: "ok" });
  };
  const weigh = useChange((to: Urgency) => api.cases.prioritise(c.id, { urgency: urgencies[to], impact: c.course.impact || 2, suggested: firstOf(urgency) as Urgency | undefined }), { onDone: done });
  const assigns = detail.possible.some(({ act }) => act === "assign") && can(me, "case.assign");
  const give = useChange((to: string) => api.cases.act(c.id, { act: "assign", team_id: to, suggested_team_id: firstOf(team), version: c.version }), { onDone: done });
  if (c.over) return null;
  const now = c.course.urgency || 2;
  const openUrgency = urgency?.guesses.length && urgencies[firstOf(urgency) as Urgency] !== now;
  const openTeam = assigns && team?.guesses.length && firstOf(team) !== c.course.team_id;
  if (!openUrgency && !openTeam) return null;
  return (
    <Section title={t("aids.learning.case")}>
      <div className="flex flex-col gap-2">
        {openUrgency && <LearntChoices label={t("aids.learning.topics.case_urgency")} learnt={urgency} named={(id) => (id in urgencies ? `${t("aids.learning.topics.case_urgency")}: ${t(`aids.urgency.${id as Urgency}`)}` : undefined)} onTake={(id) => weigh.mutate(id as Urgency)} />}
        {openTeam && <LearntChoices label={t("aids.learning.topics.case_team")} learnt={team} named={(id) => teams.data?.items.find((each) => each.id === id)?.name} onTake={(id) => give.mutate(id)} />}
      </div>
    </Section>
  );
}
