/** Why a call failed: refused by the server (change it), or not answered (try the same again). */

export class Fault extends Error {
  /** `status` is 0 when no answer came; `message` is the server's own words for people, or empty. */
  constructor(
    readonly status: number,
    detail?: string,
  ) {
    super(detail);
  }
}

/** Tells whether sending the same again is useless until something is changed. */
export function isRefusal(reason: unknown): reason is Fault {
  return reason instanceof Fault && reason.status >= 400 && reason.status < 500 && ![401, 408, 425, 429].includes(reason.status);
}

/** The fault that an answer's status and body tell of. */
export function faultOf(status: number, body: string): Fault {
  try {
    return new Fault(status, JSON.parse(body).detail);
  } catch {
    return new Fault(status);
  }
}
