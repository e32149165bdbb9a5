/** Brings files to the server while the visitor still writes. */
import type { API } from "../api";
import { faultOf } from "../fault";
import { randomID } from "../outbox";
import type { Attachment } from "../wire";

/** A file on its way; it waits beside the draft until the visitor sends. */
export interface Upload {
  key: string;
  file: File;
  /** From 0 to 1. */
  progress: number;
  /** Why it did not arrive, in words for the visitor. */
  failed?: string;
  attachment?: Attachment;
  /** An address of the picture inside this page. */
  preview?: string;
  /** Tries again, under the same id. */
  send: () => void;
  remove: () => void;
}

export class Uploads {
  #api: API;
  #list: Upload[] = [];
  #changed: (list: Upload[]) => void;

  /** `changed` gets the list of what is in the tray, whenever something about it is new. */
  constructor(api: API, changed: (list: Upload[]) => void) {
    this.#api = api;
    this.#changed = changed;
  }

  add(file: File, failed: string): void {
    const key = randomID();
    const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : undefined;
    let request: XMLHttpRequest | undefined;
    const send = () => {
      this.#patch(key, { failed: undefined, progress: 0 });
      request = this.#send(key, file, failed);
    };
    const remove = () => {
      this.#set(this.#list.filter((upload) => upload.key !== key));
      request?.abort();
      if (preview) URL.revokeObjectURL(preview);
    };
    this.#set([...this.#list, { key, file, progress: 0, preview, send, remove }]);
    send();
  }

  /** Empties the tray of what has arrived, and returns it. */
  take(): Attachment[] {
    const arrived = this.#list.filter((upload) => upload.attachment);
    arrived.forEach((upload) => upload.remove());
    return arrived.map((upload) => upload.attachment!);
  }

  #send(key: string, file: File, failed: string): XMLHttpRequest {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("client_id", key);
    form.append("file", file, file.name);
    request.open("POST", this.#api.address("/widget/v1/attachments"));
    request.setRequestHeader("Authorization", `Bearer ${this.#api.token}`);
    request.setRequestHeader("Accept-Language", this.#api.lang);
    request.upload.onprogress = (event) => this.#patch(key, { progress: event.loaded / event.total });
    request.onload = () => {
      const { status, responseText } = request;
      this.#patch(key, status < 300 ? { attachment: JSON.parse(responseText) } : { failed: faultOf(status, responseText).message || failed });
    };
    request.onerror = () => this.#patch(key, { failed });
    request.send(form);
    return request;
  }

  #patch(key: string, change: Partial<Upload>): void {
    this.#set(this.#list.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));
  }

  #set(list: Upload[]): void {
    this.#list = list;
    this.#changed(list);
  }
}
