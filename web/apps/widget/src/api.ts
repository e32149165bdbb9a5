/** The calls of /widget/v1. */
import { Fault } from "./fault";
import type { Attachment, CaseForm, Config, Contact, ID, Lang, Message, Page, Posting, Session, View } from "./wire";

export class API {
  token = "";
  lang: Lang = "zh";
  /** Asks for a new token; called once when the server no longer knows ours. */
  renew: () => Promise<unknown> = () => Promise.resolve();

  constructor(readonly origin: string) {}

  address(path: string): string {
    return new URL(path, this.origin).href;
  }

  config = (inbox: string) => this.call<Config>("GET", `config?inbox=${encodeURIComponent(inbox)}&lang=${this.lang}`, undefined, "anonymous");
  session = (body: { inbox: string; token?: string; identity?: string; language: Lang; page: Page }) =>
    this.call<Session>("POST", "session", body, "anonymous");
  post = (body: Posting) => this.call<{ message: Message; conversation: View }>("POST", "messages", body);
  messages = (conversation: ID, where: { after: number } | { before: number }) =>
    this.call<{ items: Message[]; more: boolean; conversation?: View }>("GET", `messages?conversation=${conversation}&${new URLSearchParams(where as never)}`);
  read = (conversation: ID, seq: number) => this.call("POST", "read", { conversation, seq });
  human = (client_id: string) => this.call<{ conversation: View; offline: boolean }>("POST", "human", { client_id });
  end = () => this.call<{ conversation: View }>("POST", "end", {});
  contact = (fields: Record<string, string>) => this.call<{ contact: Contact }>("POST", "contact", fields);
  openCase = (form: CaseForm) => this.call<{ number: string; promise: string }>("POST", "cases", form);
  page = (page: Page) => this.call("POST", "pages", page);
  helpful = (message: ID, helpful: boolean) => this.call("POST", "helpful", { message, helpful });

  /** Sends a file; `progress` gets the part done, from 0 to 1. */
  upload(file: File, client_id: string, progress: (part: number) => void): { done: Promise<Attachment>; cancel: () => void } {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("client_id", client_id);
    form.append("file", file, file.name);
    const done = new Promise<Attachment>((resolve, reject) => {
      request.open("POST", this.address("/widget/v1/attachments"));
      request.setRequestHeader("Authorization", `Bearer ${this.token}`);
      request.setRequestHeader("Accept-Language", this.lang);
      request.upload.onprogress = (event) => progress(event.loaded / event.total);
      request.onload = () => (request.status < 300 ? resolve(JSON.parse(request.responseText)) : reject(faultOf(request.status, request.responseText)));
      request.onerror = request.onabort = () => reject(new Fault(0, "unreachable"));
      request.send(form);
    });
    return { done, cancel: () => request.abort() };
  }

  private async call<T>(method: string, path: string, body?: unknown, how?: "anonymous" | "again"): Promise<T> {
    const answer = await fetch(this.address(`/widget/v1/${path}`), {
      method,
      headers: {
        "Accept-Language": this.lang,
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(this.token && how !== "anonymous" ? { Authorization: `Bearer ${this.token}` } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
      credentials: "omit",
    }).catch(() => {
      throw new Fault(0, "unreachable");
    });
    if (answer.status === 401 && !how) {
      await this.renew();
      return this.call(method, path, body, "again");
    }
    const text = await answer.text();
    if (!answer.ok) throw faultOf(answer.status, text);
    return text ? JSON.parse(text) : (undefined as T);
  }
}

function faultOf(status: number, text: string): Fault {
  try {
    const problem = JSON.parse(text);
    return new Fault(status, problem.code, problem.detail);
  } catch {
    return new Fault(status, "");
  }
}
