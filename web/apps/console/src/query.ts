// What the console holds of the server: one cache, one name for each thing in it.

import { ApiError, api, type CaseFilter, type ConversationFilter, type HitKind, type ID, type Me } from "@yingda/api";
import { QueryClient, queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false, // the live feed tells what changed
      retry: (count, err) => count < 2 && err instanceof ApiError && err.passing,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

export const keys = {
  me: ["me"] as const,
  agents: ["agents"] as const,
  teams: ["teams"] as const,
  settings: ["settings"] as const,
  counts: ["counts"] as const,
  notices: ["notices"] as const,
  offers: ["offers"] as const,
  lists: ["conversations"] as const,
  list: (filter: ConversationFilter) => ["conversations", filter] as const,
  arrivals: (filter: ConversationFilter) => ["arrivals", filter] as const,
  conversation: (id: ID) => ["conversation", id] as const,
  messages: (id: ID) => ["messages", id] as const,
  contacts: (filter: { q?: string; tag?: string; attribute?: string }) => ["contacts", filter] as const,
  people: (what: string, id?: ID) => ["people", what, id] as const,
  contactFields: ["settings", "contact-fields"] as const,
  contact: (id: ID) => ["contact", id] as const,
  contactConversations: (id: ID) => ["contact-conversations", id] as const,
  contactPages: (id: ID) => ["contact-pages", id] as const,
  verification: (contact: ID) => ["verification", contact] as const,
  particulars: (contact: ID) => ["particulars", contact] as const,
  verificationPolicy: ["verification-policy"] as const,
  search: (q: string, kind?: HitKind, sort?: string) => ["search", q, kind, sort] as const,
  canned: ["canned", "pick"] as const,
  caseLists: ["cases"] as const,
  cases: (filter: CaseFilter) => ["cases", filter] as const,
  casesOf: (contact: ID) => ["cases-of", contact] as const,
  caseCounts: ["case-counts"] as const,
  caseWords: ["case-words"] as const,
  caseHandling: ["case-handling"] as const,
  case: (id: ID) => ["case", id] as const,
  consults: (id: ID) => ["consults", id] as const,
  views: ["views"] as const,
  viewCounts: ["view-counts"] as const,
  board: ["promise-board"] as const,
  wallboard: ["wallboard"] as const,
  reviews: (id: ID) => ["reviews", id] as const,
  kept: (days: number) => ["promises-kept", days] as const,
};

/** The newest cases of a contact. */
export const casesOf = (contact: ID) => queryOptions({ queryKey: keys.casesOf(contact), queryFn: () => api.cases.list({ contact_id: contact, view: "all" }, undefined, 5) });

export const meQuery = queryOptions({ queryKey: keys.me, queryFn: api.me.get, staleTime: Infinity, gcTime: Infinity });

/** Who is signed in; only below the signed-in route, where it has been fetched. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

export function can(me: Me, ...permissions: string[]): boolean {
  return permissions.some((p) => me.permissions.includes(p));
}

export function useAgents() {
  return useQuery({ queryKey: keys.agents, queryFn: api.agents.list, staleTime: 5 * 60_000 });
}

export function useTeams() {
  return useQuery({ queryKey: keys.teams, queryFn: api.teams.list, staleTime: 5 * 60_000 });
}

export function useSettings() {
  return useQuery({ queryKey: keys.settings, queryFn: api.settings.get, staleTime: 5 * 60_000 });
}

/** The words of cases; they change only with the program. */
export function useCaseWords() {
  return useQuery({ queryKey: keys.caseWords, queryFn: api.cases.words, staleTime: Infinity });
}

export function useCaseHandling() {
  return useQuery({ queryKey: keys.caseHandling, queryFn: api.cases.handling, staleTime: 5 * 60_000 });
}
