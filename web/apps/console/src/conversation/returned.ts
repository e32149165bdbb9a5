// A message that was taken back goes into the composer of its conversation again.

import { external } from "../external";
import type { Outgoing } from "../live/outbox";

export const returned = external<Outgoing | undefined>(undefined);

export function returnToComposer(m: Outgoing): void {
  returned.set(m);
}
