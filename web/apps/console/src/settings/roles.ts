/** The name of the list of roles in the query cache. */
export const rolesKey = ["roles"] as const;
