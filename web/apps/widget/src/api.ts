/** The calls of /widget/v1. */
import { Fault, faultOf } from "./fault";
import type { Lang } from "./wire";

/** An answer that takes longer, in milliseconds, does not come: the network swallows it. */
const patience = 15_000;

export class API {
  token = "";
  lang: Lang;
  /** Asks for a new token; called once when the server no longer knows ours. */
  renew: () => Promise<unknown>;
  readonly origin: string;

  constructor(origin: string, lang: Lang, renew: () => Promise<unknown>) {
    this.origin = origin;
    this.lang = lang;
    this.renew = renew;
  }

  /** The full address of a path of the server. */
  address(path: string): string {
    return new URL(path, this.origin).href;
  }

  /** Asks for `path`, or posts `body` to it. Throws a `Fault` for every answer that is not a success. */
  async call<T>(path: string, body?: unknown, how?: "anonymous" | "again"): Promise<T> {
    const headers: Record<string, string> = { "Accept-Language": this.lang };
    if (body) headers["Content-Type"] = "application/json";
    if (how !== "anonymous") headers.Authorization = `Bearer ${this.token}`;
    const answer = await fetch(this.address(`/widget/v1/${path}`), {
      method: body ? "POST" : "GET",
      headers,
      body: body ? JSON.stringify(body) : undefined,
      credentials: "omit",
      signal: AbortSignal.timeout(patience),
    }).catch(() => {
      throw new Fault(0, "");
    });
    if (answer.status === 401 && !how) {
      await this.renew();
      return this.call(path, body, "again");
    }
    const text = await answer.text();
    if (!answer.ok) throw faultOf(answer.status, text);
    return text ? JSON.parse(text) : (undefined as T);
  }
}
