export type RosterTab = "mine" | "week" | "swaps" | "shifts" | "adherence" | "staffing" | "certificates";

/** The parts of the roster; `all`: also for who does not make it. */
export const rosterTabs: readonly { name: RosterTab; all?: boolean }[] = [
  { name: "mine", all: true },
  { name: "week", all: true },
  { name: "swaps", all: true },
  { name: "staffing" },
  { name: "adherence" },
  { name: "certificates", all: true },
  { name: "shifts" },
];

export interface Place {
  /** The day that is looked at. */
  at: string;
  today: string;
  team?: string;
  onDay: (day: string) => void;
  onTeam: (team: string | undefined) => void;
}
