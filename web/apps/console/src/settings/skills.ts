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

/** Whether a skill counts at a moment: not when its certificate has ended. */
export function holds(skill: Skilled, now: number): boolean {
  return !skill.until || now < Date.parse(skill.until);
}

/** The agents who have a skill and may work, the most skilled first. */
export function holdersOf(agents: Agent[], skill: string): { agent: Agent; has: Skilled }[] {
  return agents
    .flatMap((agent) => (agent.disabled ? [] : agent.skills.filter((has) => has.skill_id === skill).map((has) => ({ agent, has }))))
    .sort((a, b) => b.has.level - a.has.level || a.agent.name.localeCompare(b.agent.name));
}

/** A day as the input of a date has it; a certificate holds to the end of that day, as the reader's clock has it. */
export function dayOf(until?: string): string {
  if (!until) return "";
  const last = new Date(Date.parse(until) - 1);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${last.getFullYear()}-${two(last.getMonth() + 1)}-${two(last.getDate())}`;
}

/** The moment at which a day has ended. */
export function endOf(day: string): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + 1).toISOString();
}
