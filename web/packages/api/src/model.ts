// The language model. The types are those of the server's own description.

import { call } from "./client";
import type { ID } from "./types";
import type { Model as ModelView, ModelChange, ModelDid, ModelDraft, ModelDrafts, ModelSpent, ModelTrial } from "./schema";

export type { ModelDraft, ModelDrafts, ModelChange, ModelDid, ModelSpent, ModelTrial, ModelView };

export const model = {
  get: () => call<ModelView>("GET", "/model"),
  put: (body: ModelChange) => call<ModelView>("PUT", "/model", { body }),
  /** Which drafts can be asked for in a conversation now. */
  drafts: (id: ID) => call<ModelDrafts>("GET", `/conversations/${encodeURIComponent(id)}/drafts`),
  draft: (id: ID, what: "reply" | "summary") => call<ModelDraft>("POST", `/conversations/${encodeURIComponent(id)}/drafts/${what}`),
  /** Asks once under settings that need not be kept. */
  try: (body: ModelChange) => call<ModelTrial>("POST", "/model/try", { body }),
};
