// What is asked of the wizard from elsewhere, and what stands in its field; neither outlives the page.

import type { Factor, ID, VerifiedAction } from "@yingda/api";
import { external } from "../external";

export interface Asking {
  contact: ID;
  action: VerifiedAction;
  place: Place;
  passed: (verification: ID) => void;
  closed: () => void;
}

/** Where a customer is verified. */
export interface Place {
  conversation_id?: ID;
  case_id?: ID;
}

/** The sensitive action that waits for a verification. */
export const asking = external<Asking | undefined>(undefined);

const typed = new Map<string, string>();

/** What was typed of a customer and not checked yet: kept while the wizard is closed, in memory only. */
export const draftOf = {
  get: (contact: ID, factor: Factor) => typed.get(`${contact} ${factor}`) ?? "",
  set: (contact: ID, factor: Factor, text: string) => void (text ? typed.set(`${contact} ${factor}`, text) : typed.delete(`${contact} ${factor}`)),
};
