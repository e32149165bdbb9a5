import { useQuery } from "@tanstack/react-query";
import { skills, type Agent, type Skilled } from "@yingda/api";

export const skillsKey = ["skills"] as const;
export const gapsKey = ["skills", "gaps"] as const;

/** All skills by name. */
export function useSkills() {
  return useQuery({ queryKey: skillsKey, queryFn: skills.list });
}

/** What inboxes and languages need and nobody has. */
export function useGaps() {
  return useQuery({ queryKey: gapsKey, queryFn: skills.gaps });
}

export const levels = ["1", "2", "3", "4", "5"] as const;

/** Whether a skill counts on a day: not when its certificate has ended. */
export const holds = (skill: Pick<Skilled, "expires_on">, today: string): boolean => !skill.expires_on || today <= skill.expires_on;

/** The agents who have a skill and may work, the most skilled first. */
export function holdersOf(agents: Agent[], skill: string): { agent: Agent; has: Skilled }[] {
  return agents
    .flatMap((agent) => (agent.disabled ? [] : agent.skills.filter((has) => has.skill_id === skill).map((has) => ({ agent, has }))))
    .sort((a, b) => b.has.level - a.has.level || a.agent.name.localeCompare(b.agent.name));
}
