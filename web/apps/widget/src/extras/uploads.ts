/** Brings files to the server while the visitor still writes. */
import type { Chat } from "../chat";
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

/** Puts a file into the tray and sends it. */
export function addFile(chat: Chat, file: File): void {
  const key = randomID();
  const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : undefined;
  let request: XMLHttpRequest | undefined;
  const change = (news: Partial<Upload>) => {
    changed(chat, chat.state.uploads.map((upload) => (upload.key === key ? { ...upload, ...news } : upload)));
  };
  const send = () => {
    change({ failed: undefined, progress: 0 });
    request = post(chat, key, file, change);
  };
  const remove = () => {
    chat.update({ uploads: chat.state.uploads.filter((upload) => upload.key !== key) });
    request?.abort();
    if (preview) URL.revokeObjectURL(preview);
  };
  chat.update({ uploads: [...chat.state.uploads, { key, file, progress: 0, preview, send, remove }] });
  send();
}

/** The draft that waits for its files goes when the last one has arrived. */
function changed(chat: Chat, uploads: Upload[]): void {
  chat.update({ uploads });
  if (uploads.some((upload) => upload.failed)) chat.update({ sendWhenUploaded: false });
  else if (chat.state.sendWhenUploaded && uploads.every((upload) => upload.attachment)) chat.sendDraft();
}

function post({ api, state }: Chat, key: string, file: File, change: (news: Partial<Upload>) => void): XMLHttpRequest {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("client_id", key);
  form.append("file", file, file.name);
  request.open("POST", api.address("/widget/v1/attachments"));
  request.setRequestHeader("Authorization", `Bearer ${api.token}`);
  request.setRequestHeader("Accept-Language", api.lang);
  request.upload.onprogress = (event) => change({ progress: event.loaded / event.total });
  request.onload = () => {
    const { status, responseText } = request;
    change(status < 300 ? { attachment: JSON.parse(responseText) } : { failed: faultOf(status, responseText).message || state.more!.failed });
  };
  request.onerror = () => change({ failed: state.more!.failed });
  request.send(form);
  return request;
}
