import { api, type ID } from "@yingda/api";
import type { Place } from "../verification/held";
import { verified } from "../verification/useVerified";

/** A masked field of a customer as it is; they are verified first where that is needed. */
export const revealContact = (contact: ID, field: string, reason: string, place: Place = {}): Promise<{ value: string }> =>
  verified(contact, "contact.reveal", place, (v) => api.contacts.reveal(contact, field, reason, v));
