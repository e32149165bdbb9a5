// The language model. The types are those of the server's own description.

import { call } from "./client";
import type { Model as ModelView, ModelChange, ModelDid, ModelSpent, ModelTrial } from "./schema";

export type { ModelChange, ModelDid, ModelSpent, ModelTrial, ModelView };

export const model = {
  get: () => call<ModelView>("GET", "/model"),
  put: (body: ModelChange) => call<ModelView>("PUT", "/model", { body }),
  /** Asks once under settings that need not be kept. */
  try: (body: ModelChange) => call<ModelTrial>("POST", "/model/try", { body }),
};
