// The language model. The types are those of the server's own description.

import { call } from "./client";
import type { ID } from "./types";
import type { Lookup, LookupKey, LookupOffered, Lookups as LookupsView, LookupsChange, LookupTool, LookupTools, Model as ModelView, ModelChange, ModelDid, ModelDraft, ModelDrafts, ModelSpent, ModelTrial } from "./schema";

export type { Lookup, LookupOffered, LookupsView, LookupsChange, LookupTool, ModelDraft, ModelDrafts, ModelChange, ModelDid, ModelSpent, ModelTrial, ModelView };

export const model = {
  get: () => call<ModelView>("GET", "/model"),
  put: (body: ModelChange) => call<ModelView>("PUT", "/model", { body }),
  /** Which drafts can be asked for in a conversation now. */
  drafts: (id: ID) => call<ModelDrafts>("GET", `/conversations/${encodeURIComponent(id)}/drafts`),
  draft: (id: ID, what: "reply" | "summary") => call<ModelDraft>("POST", `/conversations/${encodeURIComponent(id)}/drafts/${what}`),
  /** Asks once under settings that need not be kept. */
  try: (body: ModelChange) => call<ModelTrial>("POST", "/model/try", { body }),
  /** Servers at which the assistant may look things up. */
  lookups: () => call<LookupsView>("GET", "/model/lookups"),
  putLookups: (body: LookupsChange) => call<LookupsView>("PUT", "/model/lookups", { body }),
  /** Asks a server, which need not be kept, for its tools. */
  tryLookup: ({ id, name, url, enabled, key }: LookupKey) => call<LookupTools>("POST", "/model/lookups/try", { body: { id, name: name || id, url, enabled, tools: [], ...(key === undefined ? {} : { key }) } }),
};
