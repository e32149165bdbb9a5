/** Names of the flows in the query cache. */
export const flowKeys = {
  all: ["flows"] as const,
  list: ["flows", "list"] as const,
  seams: ["flows", "seams"] as const,
  one: (id: string) => ["flows", "one", id] as const,
};
