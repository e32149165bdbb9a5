/** The calls of /widget/v1. */
import { Fault, faultOf } from "./fault";
import type { Lang } from "./wire";

/** An answer that takes longer, in milliseconds, does not come: the network swallows it. */
const patience = 15_000;

export interface API {
  token: string;
  lang: Lang;
  /** The full address of a path of the server. */
  address(path: string): string;
  /** Asks for `path`, or posts `body` to it, for as long as `until` says. Throws a `Fault` for every answer that is not a success. */
  call<T>(path: string, body?: unknown, how?: "anonymous" | "again", until?: AbortSignal): Promise<T>;
}

/** `renew` asks for a new token; called once for a call that is refused because the server no longer knows ours. */
export function openAPI(origin: string, lang: Lang, token: string, renew: () => Promise<unknown>): API {
  const address = (path: string) => new URL(path, origin).href;
  const api: API = {
    token,
    lang,
    address,
    async call(path, body, how, until) {
      const headers: Record<string, string> = { "Accept-Language": api.lang };
      if (body) headers["Content-Type"] = "application/json";
      if (how !== "anonymous") headers.Authorization = `Bearer ${api.token}`;
      const answer = await fetch(address(`/widget/v1/${path}`), {
        method: body ? "POST" : "GET",
        headers,
        body: body ? JSON.stringify(body) : undefined,
        credentials: "omit",
        signal: until ?? AbortSignal.timeout(patience),
      }).catch(() => {
        throw new Fault(0);
      });
      if (answer.status === 401 && !how) {
        await renew();
        return api.call(path, body, "again", until);
      }
      const text = await answer.text();
      if (!answer.ok) throw faultOf(answer.status, text);
      return text && JSON.parse(text);
    },
  };
  return api;
}
