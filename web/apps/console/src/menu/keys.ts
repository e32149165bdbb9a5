/** Names of the menus and of what callers hear in the query cache. */
export const menuKeys = {
  all: ["menus"] as const,
  list: ["menus", "list"] as const,
  names: ["menus", "names"] as const,
  one: (id: string) => ["menus", "one", id] as const,
  prompts: ["prompts"] as const,
};
