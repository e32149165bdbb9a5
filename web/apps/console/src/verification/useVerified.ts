import { ApiError, verifications, type ID, type VerifiedAction } from "@yingda/api";
import { keys, queryClient } from "../query";
import { asking, type Place } from "./held";

/**
 * Does a sensitive action for a customer. Where the server wants a verification first the wizard opens, and
 * the same action is done again once the customer passed; what was typed for it stays where it is.
 */
export async function verified<T>(contact: ID | undefined, action: VerifiedAction, place: Place, run: (verification?: ID) => Promise<T>): Promise<T> {
  try {
    return await run(contact ? await live(contact, action) : undefined);
  } catch (err) {
    if (!contact || !(err instanceof ApiError) || !["verification.needed", "verification.expired", "verification.locked"].includes(err.code)) throw err;
    const id = await new Promise<ID | undefined>((settle) => {
      asking.set({ contact, action, place, passed: settle, closed: () => settle(undefined) });
    });
    asking.set(undefined);
    if (!id) throw err;
    return run(id);
  }
}

/** The verification that holds now and is enough, as far as the console knows. */
async function live(contact: ID, action: VerifiedAction): Promise<ID | undefined> {
  const sheet = await verifications.get(contact, action).catch(() => undefined);
  if (sheet) queryClient.setQueryData([...keys.verification(contact), action], sheet);
  return sheet?.verification?.state === "passed" && sheet.verdict.enough ? sheet.verification.id : undefined;
}
