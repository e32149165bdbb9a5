/** The name of the list of inboxes in the query cache. */
export const inboxesKey = ["inboxes"] as const;
