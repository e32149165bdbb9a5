/** Names of the knowledge base's lists in the query cache; the live feed makes them stale by the first word. */
export const knowledgeKeys = {
  questions: ["questions"] as const,
  articles: ["articles"] as const,
  categories: ["knowledge", "categories"] as const,
  gaps: ["knowledge", "gaps"] as const,
  assistant: ["knowledge", "assistant"] as const,
};
